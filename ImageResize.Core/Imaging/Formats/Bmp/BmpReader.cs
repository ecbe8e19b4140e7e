using System.Buffers.Binary;
using System.Numerics;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Formats.Bmp;

/// <summary>
/// Decodes the pixels of a BMP to RGB or RGBA, top row first. Bounds are checked on every access, so an invalid header can end in a refusal
/// or a wrong colour only.
/// </summary>
internal static class BmpReader
{
    /// <exception cref="RefusedException">Pixels are missing.</exception>
    public static (byte[] Pixels, int Bands) Read(ReadOnlySpan<byte> file, BmpHeader header)
    {
        if (header.PixelsAt > file.Length)
        {
            throw ImageRefusal.Damaged();
        }

        var bands = header.Masks.Alpha == 0 ? 3 : 4;
        var length = (long)header.Width * header.Height * bands;
        if (length > Array.MaxLength)
        {
            throw ImageRefusal.TooLarge($"has {header.Width} x {header.Height} pixels", "2 GB once it is decoded");
        }

        var pixels = new byte[length];
        if (header.BitsPerPixel > 8)
        {
            ReadDirect(file, header, pixels, bands);
        }
        else
        {
            ApplyPalette(ReadIndexes(file, header), ReadPalette(file, header), pixels);
        }

        return (pixels, bands);
    }

    private static void ReadDirect(ReadOnlySpan<byte> file, BmpHeader header, Span<byte> pixels, int bands)
    {
        var masks = header.Masks;
        var bytes = header.BitsPerPixel / 8;
        var transparent = true;
        for (var y = 0; y < header.Height; y++)
        {
            var row = Row(file, header, y);
            var to = pixels.Slice(TargetRow(header, y) * header.Width * bands, header.Width * bands);
            for (var x = 0; x < header.Width; x++)
            {
                var pixel = row.Slice(x * bytes, bytes);
                var value = bytes switch
                {
                    2 => BinaryPrimitives.ReadUInt16LittleEndian(pixel),
                    3 => (uint)(pixel[0] | (pixel[1] << 8) | (pixel[2] << 16)),
                    _ => BinaryPrimitives.ReadUInt32LittleEndian(pixel),
                };
                to[x * bands] = Channel(value, masks.Red);
                to[(x * bands) + 1] = Channel(value, masks.Green);
                to[(x * bands) + 2] = Channel(value, masks.Blue);
                if (bands == 4)
                {
                    to[(x * bands) + 3] = Channel(value, masks.Alpha);
                    transparent &= to[(x * bands) + 3] == 0;
                }
            }
        }

        if (bands == 4 && transparent)
        {
            // Many programs declare an alpha mask and leave the channel 0. An invisible image is not meant.
            for (var at = 3; at < pixels.Length; at += 4)
            {
                pixels[at] = byte.MaxValue;
            }
        }
    }

    private static byte[] ReadIndexes(ReadOnlySpan<byte> file, BmpHeader header)
    {
        var indexes = new byte[header.Width * header.Height];
        if (header.Compression != BmpCompression.None)
        {
            BmpRunLength.Read(file[header.PixelsAt..], header, indexes);
            return indexes;
        }

        var bits = header.BitsPerPixel;
        var mask = (1 << bits) - 1;
        for (var y = 0; y < header.Height; y++)
        {
            var row = Row(file, header, y);
            var to = indexes.AsSpan(TargetRow(header, y) * header.Width, header.Width);
            for (var x = 0; x < header.Width; x++)
            {
                var bit = x * bits;
                to[x] = (byte)((row[bit / 8] >> (8 - bits - (bit % 8))) & mask);
            }
        }

        return indexes;
    }

    private static void ApplyPalette(ReadOnlySpan<byte> indexes, ReadOnlySpan<byte> palette, Span<byte> pixels)
    {
        for (var at = 0; at < indexes.Length; at++)
        {
            palette.Slice(indexes[at] * 3, 3).CopyTo(pixels[(at * 3)..]);
        }
    }

    /// <summary>256 colours as RGB. Colours that the file does not define are black.</summary>
    private static byte[] ReadPalette(ReadOnlySpan<byte> file, BmpHeader header)
    {
        var palette = new byte[256 * 3];
        var given = file[header.PaletteAt..header.PixelsAt];
        var length = Math.Min(header.PaletteLength, given.Length / header.PaletteEntrySize);
        for (var colour = 0; colour < length; colour++)
        {
            var entry = given.Slice(colour * header.PaletteEntrySize, 3);
            (palette[colour * 3], palette[(colour * 3) + 1], palette[(colour * 3) + 2]) = (entry[2], entry[1], entry[0]);
        }

        return palette;
    }

    private static ReadOnlySpan<byte> Row(ReadOnlySpan<byte> file, BmpHeader header, int y)
    {
        // Rows are padded to four bytes. The padding of the last row is often missing.
        var bits = (long)header.Width * header.BitsPerPixel;
        var at = header.PixelsAt + (y * ((bits + 31) / 32 * 4));
        var length = (bits + 7) / 8;

        return at + length <= file.Length ? file.Slice((int)at, (int)length) : throw ImageRefusal.Damaged();
    }

    private static int TargetRow(BmpHeader header, int y) => header.TopDown ? y : header.Height - 1 - y;

    private static byte Channel(uint value, uint mask)
    {
        if (mask == 0)
        {
            return 0;
        }

        var shift = BitOperations.TrailingZeroCount(mask);
        return (byte)((ulong)((value & mask) >> shift) * byte.MaxValue / (mask >> shift));
    }
}
