using System.Buffers;

namespace ImageResize.Core.Sources;

/// <summary>A whole source in memory, in a rented buffer that goes back when this is disposed.</summary>
public sealed class SourceBytes : IDisposable
{
    private byte[]? _rented;
    private readonly int _length;

    private SourceBytes(byte[] rented, int length)
    {
        _rented = rented;
        _length = length;
    }

    public ReadOnlyMemory<byte> Bytes => _rented.AsMemory(0, _length);

    public Stream OpenStream() => new MemoryStream(_rented!, 0, _length, writable: false);

    /// <exception cref="SourceRefusedException">The stream holds more than <paramref name="limit"/> bytes.</exception>
    public static async Task<SourceBytes> ReadAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        var expected = stream.CanSeek ? stream.Length : 64 * 1024;
        if (stream.CanSeek && expected > limit)
        {
            throw TooLarge(limit);
        }

        // One byte more than expected, so that the read that finds the end needs no larger buffer.
        var buffer = ArrayPool<byte>.Shared.Rent((int)expected + 1);
        var length = 0;
        try
        {
            while (await stream.ReadAsync(buffer.AsMemory(length), cancellationToken) is > 0 and var read)
            {
                length += read;
                if (length > limit)
                {
                    throw TooLarge(limit);
                }

                if (length == buffer.Length)
                {
                    buffer = Grow(buffer, length);
                }
            }

            return new SourceBytes(buffer, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    public void Dispose()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static byte[] Grow(byte[] full, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(full.Length * 2);
        full.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(full);

        return larger;
    }

    private static SourceRefusedException TooLarge(int limit) =>
        new(SourceRefusal.TooLarge, $"The image is larger than {limit} bytes");
}
