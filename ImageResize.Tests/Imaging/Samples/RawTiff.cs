namespace ImageResize.Tests.Imaging.Samples;

/// <summary>Writes uncompressed TIFFs with any number and kind of samples; every pixel is the same.</summary>
/// <param name="Photometric">0 white is zero, 1 black is zero, 2 RGB, 3 palette, 5 inks, 6 luma and chroma for each pixel.</param>
/// <param name="Sample">Writes one sample's bytes, little endian.</param>
/// <param name="NumberFormat">1 unsigned, 2 signed, 3 fractions.</param>
internal sealed record RawTiff(int Photometric, Func<double, byte[]> Sample, int NumberFormat = 1)
{
    private const int Width = 40;
    private const int Height = 30;

    public static byte[] Byte(double value) => [(byte)value];

    public static byte[] Short(double value) => BitConverter.GetBytes((ushort)value);

    public static byte[] Long(double value) => BitConverter.GetBytes((uint)value);

    public static byte[] Signed(double value) => BitConverter.GetBytes((short)value);

    public static byte[] Half(double value) => BitConverter.GetBytes((Half)value);

    public static byte[] Float(double value) => BitConverter.GetBytes((float)value);

    /// <param name="extraSamples">What the samples after the colours are: 0 unspecified, 1 associated alpha, 2 alpha.</param>
    /// <param name="more">Further tags with one value each.</param>
    public byte[] Write(double[] pixel, int[] extraSamples, params (int Tag, int Value)[] more)
    {
        byte[] one = [.. pixel.SelectMany(Sample)];
        byte[] pixels = [.. Enumerable.Repeat(one, Width * Height).SelectMany(bytes => bytes)];
        var bits = 8 * one.Length / pixel.Length;
        var tags = new SortedDictionary<int, int[]>
        {
            [256] = [Width],
            [257] = [Height],
            [258] = [.. Enumerable.Repeat(bits, pixel.Length)],
            [259] = [1],
            [262] = [Photometric],
            [273] = [8],
            [277] = [pixel.Length],
            [278] = [Height],
            [279] = [pixels.Length],
            [339] = [.. Enumerable.Repeat(NumberFormat, pixel.Length)],
        };
        if (extraSamples.Length > 0)
        {
            tags[338] = extraSamples;
        }

        if (Photometric == 3)
        {
            tags[320] = [.. Enumerable.Range(0, 3 * 256).Select(entry => entry % 256 * 257)];
        }

        if (Photometric == 6)
        {
            tags[530] = [1, 1];
        }

        foreach (var (tag, value) in more)
        {
            tags[tag] = [value];
        }

        return Join(pixels, tags);
    }

    private static byte[] Join(byte[] pixels, SortedDictionary<int, int[]> tags)
    {
        var directoryAt = 8 + pixels.Length;
        var outsideAt = directoryAt + 2 + (12 * tags.Count) + 4;
        var (entries, outside) = (new List<byte>(), new List<byte>());
        foreach (var (tag, values) in tags)
        {
            // Lengths and positions are LONG, all others SHORT.
            var isLong = values.Length == 1;
            entries.AddRange([.. BitConverter.GetBytes((ushort)tag), .. BitConverter.GetBytes((ushort)(isLong ? 4 : 3))]);
            entries.AddRange(BitConverter.GetBytes(values.Length));
            byte[] bytes = [.. values.SelectMany(value => isLong ? BitConverter.GetBytes(value) : BitConverter.GetBytes((ushort)value))];
            var isInside = bytes.Length <= 4;
            entries.AddRange(isInside ? [.. bytes, .. new byte[4 - bytes.Length]] : BitConverter.GetBytes(outsideAt + outside.Count));
            outside.AddRange(isInside ? [] : bytes);
        }

        return
        [
            .. "II*\0"u8, .. BitConverter.GetBytes(directoryAt), .. pixels, .. BitConverter.GetBytes((ushort)tags.Count), .. entries,
            .. new byte[4], .. outside,
        ];
    }
}
