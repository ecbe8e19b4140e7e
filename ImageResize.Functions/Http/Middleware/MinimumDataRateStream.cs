using System.Diagnostics;

namespace ImageResize.Functions.Http.Middleware;

/// <summary>
/// Writes a response in chunks and disconnects a caller that takes a chunk too slowly. Kestrel's own minimum data rate is not enough:
/// data that fits in the sockets' buffers counts as sent, which allows for hours.
/// </summary>
internal sealed class MinimumDataRateStream(Stream body, TimeSpan timeout, Action abort) : Stream
{
    /// <summary>Small enough for slow callers: 64 KiB in 30 seconds is 2 KiB a second.</summary>
    private const int ChunkBytes = 64 * 1024;

    /// <summary>The average in bytes per second that a caller of a large response must reach after the first timeout.</summary>
    private const int MinBytesPerSecond = 16 * 1024;

    private long _written;
    private TimeSpan _waited;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="OperationCanceledException">The caller has disconnected or reads too slowly.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (var rest = buffer; !rest.IsEmpty; rest = rest[Math.Min(ChunkBytes, rest.Length)..])
        {
            using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timer.CancelAfter(GetAllowed());
            var started = Stopwatch.GetTimestamp();
            try
            {
                await body.WriteAsync(rest[..Math.Min(ChunkBytes, rest.Length)], timer.Token);
                _waited += Stopwatch.GetElapsedTime(started);
                _written += Math.Min(ChunkBytes, rest.Length);
            }
            catch (OperationCanceledException)
            {
                abort();
                throw;
            }
        }
    }

    /// <summary>The time for the next chunk. Only time spent waiting for the caller counts.</summary>
    private TimeSpan GetAllowed()
    {
        var rest = timeout + TimeSpan.FromSeconds((double)_written / MinBytesPerSecond) - _waited;

        return rest < timeout ? TimeSpan.FromTicks(Math.Max(0, rest.Ticks)) : timeout;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>ZipArchive writes the few bytes of an entry's header synchronously, even in its asynchronous methods.</summary>
    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override Task FlushAsync(CancellationToken cancellationToken) => body.FlushAsync(cancellationToken);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
