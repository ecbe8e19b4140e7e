using System.Buffers;
using ImageResize.Core.Errors;
using ImageResize.Core.Memory;
using ImageResize.Core.Sources.Names;

namespace ImageResize.Core.Sources;

/// <summary>A whole source in memory, in a rented buffer that is returned when this is disposed of.</summary>
public sealed class SourceBytes : IDisposable
{
    private byte[]? _rented;
    private readonly int _length;
    private readonly MemoryReservation _reservation;

    private SourceBytes(byte[] rented, int length, MemoryReservation reservation)
    {
        _rented = rented;
        _length = length;
        _reservation = reservation;
    }

    /// <inheritdoc cref="INamedImage.ImageName"/>
    public string? Name { get; private init; }

    public ReadOnlyMemory<byte> Bytes => _rented.AsMemory(0, _length);

    public Stream OpenStream() => new MemoryStream(_rented!, 0, _length, writable: false);

    /// <param name="stream">Has a known length. A file may still grow while it is read.</param>
    /// <param name="turn">The order in which waiting work gets memory.</param>
    /// <exception cref="RefusedException">The stream has more than <paramref name="limit"/> bytes.</exception>
    public static async Task<SourceBytes> ReadAsync(
        Stream stream, int limit, MemoryBudget memory, MemoryTurn turn, CancellationToken cancellationToken)
    {
        var expected = stream.Length;
        if (expected > limit)
        {
            throw TooLarge(limit);
        }

        var reservation = await memory.ReserveAsync(expected, turn, cancellationToken);

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
                    await reservation.GrowAsync(2L * length, cancellationToken);
                    buffer = Grow(buffer, length);
                }
            }

            return new SourceBytes(buffer, length, reservation) { Name = (stream as INamedImage)?.ImageName };
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            reservation.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            ArrayPool<byte>.Shared.Return(rented);
            _reservation.Dispose();
        }
    }

    internal static RefusedException TooLarge(long limit) =>
        new(ErrorCode.SourceTooLarge, $"The image is larger than {limit} bytes");

    private static byte[] Grow(byte[] full, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(full.Length * 2);
        full.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(full);

        return larger;
    }
}
