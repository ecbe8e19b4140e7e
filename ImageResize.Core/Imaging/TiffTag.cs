namespace ImageResize.Core.Imaging;

/// <summary>The numbers of what a TIFF's directory says.</summary>
internal static class TiffTag
{
    public const int Width = 256;
    public const int Height = 257;
    public const int Compression = 259;
    public const int Photometric = 262;
    public const int StripOffsets = 273;
    public const int Channels = 277;
    public const int StripHeight = 278;
    public const int StripLengths = 279;
    public const int Planes = 284;
    public const int TileWidth = 322;
    public const int TileHeight = 323;
    public const int TileOffsets = 324;
    public const int TileLengths = 325;
    public const int SubDirectories = 330;
    public const int JpegTables = 347;
}
