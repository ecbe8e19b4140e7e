namespace ImageResize.Functions.Access;

/// <summary>
/// A large answer, written piece by piece: a caller that takes none of a piece for too long is hung up on. Kestrel's own lowest rate
/// is no such limit, since what fills the sockets' buffers buys hours.
/// </summary>
internal sealed class SteadyBody(Stream body, TimeSpan patience, Action hangUp) : Stream
{
    /// <summary>Small, so that a slow caller has a fair chance: 64 KiB in 30 seconds is 2 KiB a second.</summary>
    private const int Piece = 64 * 1024;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static Task KeepAsync(HttpContext context, RequestDelegate next, TimeSpan patience)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<LargeAnswer>() is not null)
        {
            context.Response.Body = new SteadyBody(context.Response.Body, patience, context.Abort);
        }

        return next(context);
    }

    /// <exception cref="OperationCanceledException">The caller has gone, or takes nothing.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (var left = buffer; !left.IsEmpty; left = left[Math.Min(Piece, left.Length)..])
        {
            using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timer.CancelAfter(patience);
            try
            {
                await body.WriteAsync(left[..Math.Min(Piece, left.Length)], timer.Token);
            }
            catch (OperationCanceledException)
            {
                hangUp();
                throw;
            }
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>A zip archive writes an entry's few bytes of header without waiting, also when asked to wait.</summary>
    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override Task FlushAsync(CancellationToken cancellationToken) => body.FlushAsync(cancellationToken);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

/// <summary>Of an endpoint: its answer can be larger than what connections hold on their way.</summary>
internal sealed class LargeAnswer;
