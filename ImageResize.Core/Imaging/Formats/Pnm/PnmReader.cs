using System.Buffers.Binary;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Formats.Pnm;

/// <summary>Decodes the pixels of a PBM, PGM or PPM to 8 bits a channel. Values above the maximum are white.</summary>
internal static class PnmReader
{
    private const byte White = byte.MaxValue;

    /// <param name="pixels">Room for the pixels, with the channels of the header.</param>
    /// <exception cref="RefusedException">Pixels are missing, or are not numbers.</exception>
    public static void Read(ReadOnlySpan<byte> file, PnmHeader header, Span<byte> pixels)
    {
        var isRead = (header.IsText, header.IsBitmap) switch
        {
            (true, true) => TryReadBits(file, header, pixels),
            (true, false) => TryReadNumbers(file, header, pixels),
            (false, true) => TryReadPackedBits(file[header.PixelsAt..], header, pixels),
            (false, false) => TryReadValues(file[header.PixelsAt..], header, pixels),
        };

        if (!isRead)
        {
            throw ImageRefusal.Damaged();
        }
    }

    private static bool TryReadBits(ReadOnlySpan<byte> file, PnmHeader header, Span<byte> pixels)
    {
        var text = new PnmText(file) { Position = header.PixelsAt };
        foreach (ref var pixel in pixels)
        {
            if (!text.TryReadBit(out var bit))
            {
                return false;
            }

            pixel = bit == 0 ? White : (byte)0;
        }

        return true;
    }

    private static bool TryReadNumbers(ReadOnlySpan<byte> file, PnmHeader header, Span<byte> pixels)
    {
        var text = new PnmText(file) { Position = header.PixelsAt };
        foreach (ref var pixel in pixels)
        {
            if (!text.TryReadNumber(out var value))
            {
                return false;
            }

            pixel = Scale(value, header.MaxValue);
        }

        return true;
    }

    /// <summary>Rows begin with a new byte, and the first pixel is its highest bit.</summary>
    private static bool TryReadPackedBits(ReadOnlySpan<byte> data, PnmHeader header, Span<byte> pixels)
    {
        var stride = (header.Width + 7) / 8;
        if (data.Length < (long)stride * header.Height)
        {
            return false;
        }

        for (var y = 0; y < header.Height; y++)
        {
            var row = data.Slice(y * stride, stride);
            var to = pixels.Slice(y * header.Width, header.Width);
            for (var x = 0; x < to.Length; x++)
            {
                to[x] = (row[x / 8] << (x % 8) & 0x80) == 0 ? White : (byte)0;
            }
        }

        return true;
    }

    private static bool TryReadValues(ReadOnlySpan<byte> data, PnmHeader header, Span<byte> pixels)
    {
        if (data.Length < (long)pixels.Length * header.BytesPerValue)
        {
            return false;
        }

        if (header.MaxValue == byte.MaxValue)
        {
            data[..pixels.Length].CopyTo(pixels);
            return true;
        }

        for (var at = 0; at < pixels.Length; at++)
        {
            int value = header.BytesPerValue == 1 ? data[at] : BinaryPrimitives.ReadUInt16BigEndian(data[(at * 2)..]);
            pixels[at] = Scale(value, header.MaxValue);
        }

        return true;
    }

    private static byte Scale(int value, int maxValue) => (byte)(((Math.Min(value, maxValue) * White) + (maxValue / 2)) / maxValue);
}
