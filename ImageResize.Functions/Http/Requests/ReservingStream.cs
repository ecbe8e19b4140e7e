using ImageResize.Core.Memory;
using ImageResize.Core.Sources;

namespace ImageResize.Functions.Http.Requests;

/// <summary>A request body that reserves memory for what has been read of it, before more is read.</summary>
/// <param name="factor">Bytes in memory for each byte of the body.</param>
internal sealed class ReservingStream(Stream body, MemoryReservation reservation, int factor) : ForwardOnlyStream
{
    private long _bytes;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await body.ReadAsync(buffer, cancellationToken);
        _bytes += read;
        await reservation.GrowAsync(_bytes * factor, cancellationToken);

        return read;
    }
}
