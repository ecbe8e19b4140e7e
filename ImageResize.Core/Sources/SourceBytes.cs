using System.Buffers;
using ImageResize.Core.Errors;

namespace ImageResize.Core.Sources;

/// <summary>A whole source in memory, in a pooled buffer that is returned on disposal.</summary>
public sealed class SourceBytes : IDisposable
{
    private byte[]? _rented;
    private readonly int _length;
    private readonly SourceMemory.Room _room;

    private SourceBytes(byte[] rented, int length, SourceMemory.Room room)
    {
        _rented = rented;
        _length = length;
        _room = room;
    }

    public ReadOnlyMemory<byte> Bytes => _rented.AsMemory(0, _length);

    public Stream OpenStream() => new MemoryStream(_rented!, 0, _length, writable: false);

    /// <param name="room">Disposed with the bytes; by the caller if this method throws.</param>
    /// <exception cref="RefusedException">The stream is longer than <paramref name="limit"/> bytes.</exception>
    public static async Task<SourceBytes> ReadAsync(Stream stream, int limit, SourceMemory.Room room, CancellationToken cancellationToken)
    {
        var expected = stream.CanSeek ? stream.Length : 64 * 1024;
        if (stream.CanSeek && expected > limit)
        {
            throw TooLarge(limit);
        }

        await room.GrowAsync(expected, cancellationToken);

        // One byte more than expected, so that the read that detects the end needs no larger buffer.
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
                    // The length is unknown. Enough memory for the longest source avoids asking again.
                    await room.GrowAsync(2L * length > SourceMemory.Start ? limit : 2L * length, cancellationToken);
                    buffer = Grow(buffer, length);
                }
            }

            return new SourceBytes(buffer, length, room);
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
            _room.Dispose();
        }
    }

    private static byte[] Grow(byte[] full, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(full.Length * 2);
        full.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(full);

        return larger;
    }

    private static RefusedException TooLarge(int limit) =>
        new(ErrorCode.SourceTooLarge, $"The image is larger than {limit} bytes");
}
