namespace ImageResize.Core.Imaging.Formats.Tiff;

/// <summary>
/// Copies a TIFF with only the tags that its pixels need. libvips refuses a TIFF if its decoder rejects any tag: an unknown unit of
/// resolution, a list of inks, the next page.
/// </summary>
internal static class MinimalTiff
{
    private const int FirstOrder = 1;
    private const int LastOrder = 2;

    private static readonly HashSet<int> Needed =
    [
        TiffTag.Width, TiffTag.Height, TiffTag.Bits, TiffTag.Compression, TiffTag.Photometric, TiffTag.StripOffsets, TiffTag.Channels,
        TiffTag.StripHeight, TiffTag.StripLengths, TiffTag.Planes, TiffTag.Fax3Options, TiffTag.Fax4Options, TiffTag.Predictor,
        TiffTag.Palette, TiffTag.TileWidth, TiffTag.TileHeight, TiffTag.TileOffsets, TiffTag.TileLengths, TiffTag.ExtraChannels,
        TiffTag.NumberFormat, TiffTag.JpegTables, TiffTag.LumaFactors, TiffTag.ColourSampling, TiffTag.ColourPosition,
        TiffTag.BlackAndWhite,
        TiffTag.Profile,
    ];

    public static byte[] Of(ReadOnlySpan<byte> file)
    {
        var layout = TiffLayout.Of(file);
        var hasOrder = TiffDirectory.Read(file, TiffTag.BitOrder) is [>= FirstOrder and <= LastOrder];

        return TiffCopy.Write(
            file, layout, TiffCopy.Keep(file, layout, tag => Needed.Contains(tag) || (hasOrder && tag == TiffTag.BitOrder)), []);
    }
}
