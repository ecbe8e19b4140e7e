namespace ImageResize.Core.Imaging.Formats.Tiff;

/// <summary>Tags of a TIFF directory.</summary>
internal static class TiffTag
{
    public const int PageKind = 254;
    public const int Width = 256;
    public const int Height = 257;
    public const int Bits = 258;
    public const int Compression = 259;
    public const int Photometric = 262;
    public const int BitOrder = 266;
    public const int Make = 271;
    public const int StripOffsets = 273;
    public const int Channels = 277;
    public const int StripHeight = 278;
    public const int StripLengths = 279;
    public const int Planes = 284;
    public const int Fax3Options = 292;
    public const int Fax4Options = 293;
    public const int Predictor = 317;
    public const int Palette = 320;
    public const int TileWidth = 322;
    public const int TileHeight = 323;
    public const int TileOffsets = 324;
    public const int TileLengths = 325;
    public const int SubDirectories = 330;
    public const int ExtraChannels = 338;
    public const int NumberFormat = 339;
    public const int JpegTables = 347;
    public const int LumaFactors = 529;
    public const int ColourSampling = 530;
    public const int ColourPosition = 531;
    public const int BlackAndWhite = 532;
    public const int Profile = 34675;
    public const int DngVersion = 50706;
}
