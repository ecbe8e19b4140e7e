using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats.ImageSharp;
using ImageResize.Core.Imaging.Headers;
using SixLabors.ImageSharp.PixelFormats;

namespace ImageResize.Core.Imaging.Formats.Bmp;

/// <summary>
/// Decodes the pixels of a BMP to RGB or RGBA, top row first. Bounds are checked on every access, so an invalid header can end in a refusal
/// or a wrong colour only.
/// </summary>
internal static class BmpReader
{
    /// <param name="pixels">Room for the pixels, with the channels of the header.</param>
    /// <exception cref="RefusedException">Pixels are missing.</exception>
    public static void Read(ReadOnlySpan<byte> file, BmpHeader header, Span<byte> pixels)
    {
        if (header.PixelsAt > file.Length)
        {
            throw ImageRefusal.Damaged();
        }

        if (header.BitsPerPixel <= 8)
        {
            ApplyPalette(ReadIndexes(file, header), ReadPalette(file, header), pixels);
            return;
        }

        var length = header.Width * header.Bands;
        for (var y = 0; y < header.Height; y++)
        {
            var row = Row(file, header, y);
            var to = pixels.Slice(TargetRow(header, y) * length, length);
            if (header.BitsPerPixel >= 24 && header.Masks.AreBytes)
            {
                ReadBytes(row, header, to);
            }
            else
            {
                ReadMasked(row, header, to);
            }
        }
    }

    /// <summary>ImageSharp converts with vector instructions, four times as fast as a loop.</summary>
    private static void ReadBytes(ReadOnlySpan<byte> row, BmpHeader header, Span<byte> to)
    {
        if (header.Bands == 4)
        {
            var rgba = MemoryMarshal.Cast<byte, Rgba32>(to);
            PixelOperations<Rgba32>.Instance.FromBgra32Bytes(SharpImages.Configuration, row, rgba, header.Width);
        }
        else if (header.BitsPerPixel == 32)
        {
            var rgb = MemoryMarshal.Cast<byte, Rgb24>(to);
            PixelOperations<Rgb24>.Instance.FromBgra32Bytes(SharpImages.Configuration, row, rgb, header.Width);
        }
        else
        {
            var rgb = MemoryMarshal.Cast<byte, Rgb24>(to);
            PixelOperations<Rgb24>.Instance.FromBgr24Bytes(SharpImages.Configuration, row, rgb, header.Width);
        }
    }

    private static void ReadMasked(ReadOnlySpan<byte> row, BmpHeader header, Span<byte> to)
    {
        var (masks, bands) = (header.Masks, header.Bands);
        for (var x = 0; x < header.Width; x++)
        {
            var value = header.BitsPerPixel == 16
                ? BinaryPrimitives.ReadUInt16LittleEndian(row[(x * 2)..])
                : BinaryPrimitives.ReadUInt32LittleEndian(row[(x * 4)..]);
            to[x * bands] = Channel(value, masks.Red);
            to[(x * bands) + 1] = Channel(value, masks.Green);
            to[(x * bands) + 2] = Channel(value, masks.Blue);
            if (bands == 4)
            {
                to[(x * bands) + 3] = Channel(value, masks.Alpha);
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
