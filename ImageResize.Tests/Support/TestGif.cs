namespace ImageResize.Tests.Support;

/// <summary>Writes GIFs as different encoders do, with any number of pixels.</summary>
/// <param name="CodeSize">The bits of a pixel, 2 to 8.</param>
/// <param name="ClearsFullTable">Whether a full table is cleared. Otherwise it is kept to the end (a deferred clear).</param>
internal sealed record TestGif(
    int Width, int Height, int CodeSize = 8, bool ClearsFullTable =
        true, bool HasOwnPalette = false, bool IsInterlaced = false, int BlockLength = 255)
{
    /// <param name="pixelsOfFrames">The number of pixels of each frame. The default is all.</param>
    public byte[] Write(params int[] pixelsOfFrames)
    {
        byte[] palette = [.. Enumerable.Range(0, 3 << CodeSize).Select(i => (byte)(i * 37))];
        var flags = (byte)(0x80 | (CodeSize - 1));
        var file = new List<byte>([.. "GIF89a"u8, .. Short(Width), .. Short(Height), HasOwnPalette ? (byte)0 : flags, 0, 0]);
        file.AddRange(HasOwnPalette ? [] : palette);
        foreach (var pixels in pixelsOfFrames)
        {
            file.AddRange([0x21, 0xFE, 2, (byte)'n', (byte)'o', 0, 0x21, 0xF9, 4, 0, 5, 0, 0, 0]);
            var frameFlags = (HasOwnPalette ? flags : 0) | (IsInterlaced ? 0x40 : 0);
            file.AddRange([0x2C, 0, 0, 0, 0, .. Short(Width), .. Short(Height), (byte)frameFlags]);
            file.AddRange(HasOwnPalette ? palette : []);
            file.Add((byte)CodeSize);
            file.AddRange(Pack(pixels).Chunk(BlockLength).SelectMany(block => (byte[])[(byte)block.Length, .. block]));
            file.Add(0);
        }

        return [.. file, 0x3B];
    }

    private List<byte> Pack(int pixels)
    {
        var (clear, end) = (1 << CodeSize, (1 << CodeSize) + 1);
        var (table, bits, size) = (new Dictionary<(int, int), int>(), new Bits(), CodeSize + 1);
        bits.Add(clear, size);
        var run = -1;
        var random = new Random(1);
        for (; pixels > 0; pixels--)
        {
            var pixel = random.Next(3) == 0 ? random.Next(clear) : 1;
            if (run < 0 || table.ContainsKey((run, pixel)))
            {
                run = run < 0 ? pixel : table[(run, pixel)];
                continue;
            }

            bits.Add(run, size);
            var next = end + 1 + table.Count;
            if (next < 4_096)
            {
                table[(run, pixel)] = next;
                size += next == 1 << size && size < 12 ? 1 : 0;
            }
            else if (ClearsFullTable)
            {
                bits.Add(clear, size);
                (table, size) = ([], CodeSize + 1);
            }

            run = pixel;
        }

        bits.Add(run, size);

        // After the last code, a reader has one more entry than this writer.
        bits.Add(end, end + 1 + table.Count == 1 << size && size < 12 ? size + 1 : size);
        return bits.Bytes;
    }

    private static byte[] Short(int value) => [(byte)value, (byte)(value >> 8)];

    private sealed class Bits
    {
        private int _free;

        public List<byte> Bytes { get; } = [];

        public void Add(int value, int size)
        {
            for (; size > 0; size--, value >>= 1)
            {
                if (_free == 0)
                {
                    _free = 8;
                    Bytes.Add(0);
                }

                Bytes[^1] |= (byte)((value & 1) << (8 - _free--));
            }
        }
    }
}
