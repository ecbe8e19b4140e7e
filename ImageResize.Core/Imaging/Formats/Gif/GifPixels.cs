namespace ImageResize.Core.Imaging.Formats.Gif;

/// <summary>
/// Counts the pixels that a frame's LZW codes stand for, without decoding them: a new code stands for one pixel more than the code before
/// it.
/// </summary>
internal static class GifPixels
{
    private const int LongestCode = 12;

    /// <param name="data">Begins with the minimum code size.</param>
    public static bool Has(ReadOnlySpan<byte> data, long pixels)
    {
        int smallest = data[0];
        if (smallest >= LongestCode)
        {
            return false;
        }

        var (clear, end) = (1 << smallest, (1 << smallest) + 1);
        Span<ushort> lengths = stackalloc ushort[1 << LongestCode];
        lengths[..clear].Fill(1);
        var blocks = new GifBlocks(data, 1);
        var (size, next, last) = (smallest + 1, end + 1, 0);
        while (pixels > 0 && blocks.TryRead(size, out var code))
        {
            if (code == clear)
            {
                (size, next, last) = (smallest + 1, end + 1, 0);
                continue;
            }

            if (code == end || code > next || (last == 0 && code > end))
            {
                return false;
            }

            // A full table does not change until it is cleared.
            if (last > 0 && next < lengths.Length)
            {
                lengths[next++] = (ushort)(last + 1);
                size += next == 1 << size && size < LongestCode ? 1 : 0;
            }

            last = lengths[code];
            pixels -= last;
        }

        return pixels <= 0;
    }
}
