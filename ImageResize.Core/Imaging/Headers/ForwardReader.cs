using System.Buffers;

namespace ImageResize.Core.Imaging.Headers;

/// <summary>Reads on where a prefix ends, and skips without reading where the stream can seek.</summary>
internal sealed class ForwardReader(ReadOnlyMemory<byte> prefix, Stream rest)
{
    private const int SkippedAtOnce = 16 * 1024;

    private ReadOnlyMemory<byte> _prefix = prefix;

    /// <summary>Bytes of the prefix that have not been read.</summary>
    public ReadOnlyMemory<byte> Unread => _prefix;

    /// <returns>False when the stream ends before the buffer is full.</returns>
    public bool TryRead(Span<byte> buffer)
    {
        var ready = Math.Min(buffer.Length, _prefix.Length);
        _prefix.Span[..ready].CopyTo(buffer);
        _prefix = _prefix[ready..];

        return rest.ReadAtLeast(buffer[ready..], buffer.Length - ready, throwOnEndOfStream: false) == buffer.Length - ready;
    }

    /// <returns>False when the stream ends earlier.</returns>
    public bool TrySkip(long length)
    {
        var ready = (int)Math.Min(length, _prefix.Length);
        _prefix = _prefix[ready..];
        length -= ready;
        if (rest.CanSeek)
        {
            var isThere = length <= rest.Length - rest.Position;
            rest.Position = isThere ? rest.Position + length : rest.Length;
            return isThere;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(SkippedAtOnce);
        try
        {
            var read = 1;
            for (; length > 0 && read > 0; length -= read)
            {
                read = rest.Read(buffer, 0, (int)Math.Min(length, buffer.Length));
            }

            return length == 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
