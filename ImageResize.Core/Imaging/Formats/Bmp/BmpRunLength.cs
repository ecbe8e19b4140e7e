using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Formats.Bmp;

/// <summary>Unpacks RLE4 and RLE8, bottom row first. Runs are cut off at the end of a row; skipped pixels have colour 0.</summary>
internal static class BmpRunLength
{
    private const int EndOfLine = 0;
    private const int EndOfImage = 1;
    private const int Delta = 2;

    public static void Read(ReadOnlySpan<byte> packed, BmpHeader header, Span<byte> indexes)
    {
        var nibbles = header.Compression == BmpCompression.RunLength4;
        var (x, y, at) = (0, 0, 0);
        while (y < header.Height)
        {
            var (count, code) = (Next(packed, ref at), Next(packed, ref at));
            if (count > 0)
            {
                for (var i = 0; i < count; i++, x++)
                {
                    Put(header, indexes, x, y, nibbles ? Nibble(code, i) : code);
                }
            }
            else if (code == EndOfImage)
            {
                return;
            }
            else if (code == EndOfLine)
            {
                (x, y) = (0, y + 1);
            }
            else if (code == Delta)
            {
                x = Math.Min(x + Next(packed, ref at), header.Width);
                y += Next(packed, ref at);
            }
            else
            {
                ReadLiteral(packed, ref at, code, nibbles, header, indexes, ref x, y);
            }

            x = Math.Min(x, header.Width);
        }
    }

    private static void ReadLiteral(
        ReadOnlySpan<byte> packed, ref int at, int count, bool nibbles, BmpHeader header, Span<byte> indexes, ref int x, int y)
    {
        var bytes = nibbles ? (count + 1) / 2 : count;
        for (var i = 0; i < count; i++, x++)
        {
            var value = i % 2 == 0 || !nibbles ? Next(packed, ref at) : packed[at - 1];
            Put(header, indexes, x, y, nibbles ? Nibble(value, i) : value);
        }

        // Literals are padded to an even number of bytes.
        at += bytes % 2;
    }

    private static void Put(BmpHeader header, Span<byte> indexes, int x, int y, int index)
    {
        if (x < header.Width)
        {
            indexes[((header.Height - 1 - y) * header.Width) + x] = (byte)index;
        }
    }

    private static int Nibble(int pair, int i) => i % 2 == 0 ? pair >> 4 : pair & 0x0F;

    private static int Next(ReadOnlySpan<byte> packed, ref int at) =>
        at < packed.Length ? packed[at++] : throw ImageRefusal.Damaged();
}
