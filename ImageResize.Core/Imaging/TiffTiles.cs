namespace ImageResize.Core.Imaging;

/// <summary>Finds tiles of a TIFF's first picture that lie behind the end of the file: libvips draws them in black and says nothing.</summary>
internal static class TiffTiles
{
    private const int Offsets = 324;
    private const int Lengths = 325;

    /// <exception cref="ImageRefusedException">A tile is cut off, or is not in the file at all.</exception>
    public static void Check(ReadOnlySpan<byte> file)
    {
        var (offsets, lengths) = (TiffDirectory.Read(file, Offsets), TiffDirectory.Read(file, Lengths));
        for (var tile = 0; tile < Math.Min(offsets.Count, lengths.Count); tile++)
        {
            // Both nought: a tile that was never drawn, which large maps leave out.
            if ((UInt128)offsets[tile] + lengths[tile] > (UInt128)file.Length)
            {
                throw ImageRefusedException.Damaged();
            }
        }
    }
}
