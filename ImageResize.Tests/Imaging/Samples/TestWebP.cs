namespace ImageResize.Tests.Imaging.Samples;

/// <summary>Changes the chunks of a WebP.</summary>
internal static class TestWebP
{
    /// <summary>Adds EXIF to a lossless image without any other metadata.</summary>
    public static byte[] With(byte[] webP, byte[] exif)
    {
        var pixels = webP.AsSpan().IndexOf("VP8L"u8);
        var bits = BitConverter.ToUInt32(webP, pixels + 9);
        var (width, height) = ((int)(bits & 0x3FFF), (int)((bits >> 14) & 0x3FFF));
        byte[] header = [0x08, 0, 0, 0, .. Long24(width), .. Long24(height)];
        byte[] chunks =
        [
            .. "VP8X"u8, .. BitConverter.GetBytes(header.Length), .. header, .. Chunk(webP, pixels),
            .. "EXIF"u8, .. BitConverter.GetBytes(exif.Length), .. exif, .. new byte[exif.Length % 2],
        ];

        return [.. "RIFF"u8, .. BitConverter.GetBytes(4 + chunks.Length), .. "WEBP"u8, .. chunks];
    }

    /// <summary>The chunk of a lossless image.</summary>
    public static byte[] Pixels(byte[] webP) => Chunk(webP, webP.AsSpan().IndexOf("VP8L"u8));

    /// <summary>libvips adds metadata of its own after the pixels.</summary>
    private static byte[] Chunk(byte[] webP, int at)
    {
        var length = BitConverter.ToInt32(webP, at + 4);
        return webP[at..(at + 8 + length + (length % 2))];
    }

    private static byte[] Long24(int value) => [(byte)value, (byte)(value >> 8), (byte)(value >> 16)];
}
