using NetVips;

namespace ImageResize.Tests.Imaging.Samples;

/// <summary>Animations of plain frames without transparency, each drawn at its own place. Low frames have another colour.</summary>
internal static class TestAnimation
{
    /// <param name="disposal">How each frame is disposed of: 1 stays, 2 is cleared, 3 is undone.</param>
    public static byte[] Gif(int width, int height, int disposal, params (int X, int Y, int Width, int Height)[] places)
    {
        var file = new List<byte>([.. "GIF89a"u8, .. Short(width), .. Short(height), 0x81, 0, 0]);
        file.AddRange([200, 0, 0, 0, 200, 0, 0, 0, 200, 9, 9, 9]);
        foreach (var (x, y, frameWidth, frameHeight) in places)
        {
            file.AddRange([0x21, 0xF9, 4, (byte)(disposal << 2), 10, 0, 0, 0]);
            file.AddRange([0x2C, .. Short(x), .. Short(y), .. Short(frameWidth), .. Short(frameHeight), 0, 2]);

            // A clear code before every pixel keeps all codes at three bits.
            var pixel = frameHeight < 40 ? "001" : "000";
            var bits = string.Concat(Enumerable.Repeat("100" + pixel, frameWidth * frameHeight)) + "101";
            byte[] packed = [.. Codes(bits)];
            file.AddRange(packed.Chunk(255).SelectMany(block => (byte[])[(byte)block.Length, .. block]));
            file.Add(0);
        }

        return [.. file, 0x3B];
    }

    /// <param name="disposal">How each frame is disposed of: 1 stays, 2 is cleared.</param>
    public static byte[] WebP(int width, int height, int disposal, params (int X, int Y, int Width, int Height)[] places)
    {
        var chunks = new List<byte>(Chunk("VP8X", [0x02, 0, 0, 0, .. Long24(width - 1), .. Long24(height - 1)]));
        chunks.AddRange(Chunk("ANIM", [0, 0, 0, 0, 0, 0]));
        foreach (var (x, y, frameWidth, frameHeight) in places)
        {
            using var black = Image.Black(frameWidth, frameHeight, bands: 3);
            using var plain = (black + new double[] { 200, frameHeight, 0 }).Cast(Enums.BandFormat.Uchar)
                .Copy(interpretation: Enums.Interpretation.Srgb);
            var pixels = TestWebP.Pixels(plain.WebpsaveBuffer(lossless: true));
            byte[] place = [.. Long24(x / 2), .. Long24(y / 2), .. Long24(frameWidth - 1), .. Long24(frameHeight - 1)];
            chunks.AddRange(Chunk("ANMF", [.. place, .. Long24(100), (byte)(disposal == 2 ? 3 : 2), .. pixels]));
        }

        return [.. "RIFF"u8, .. BitConverter.GetBytes(4 + chunks.Count), .. "WEBP"u8, .. chunks];
    }

    private static IEnumerable<byte> Codes(string codes)
    {
        // Codes are written here with their highest bit first, and stored with their lowest first.
        var bits = codes.Chunk(3).SelectMany(code => Enumerable.Reverse(code)).ToList();
        return bits.Chunk(8).Select(octet => (byte)octet.Select((bit, index) => (bit - '0') << index).Sum());
    }

    private static byte[] Chunk(string name, byte[] content) =>
    [
        .. System.Text.Encoding.ASCII.GetBytes(name), .. BitConverter.GetBytes(content.Length), .. content, .. new byte[content.Length % 2],
    ];

    private static byte[] Short(int value) => [(byte)value, (byte)(value >> 8)];

    private static byte[] Long24(int value) => [(byte)value, (byte)(value >> 8), (byte)(value >> 16)];
}
