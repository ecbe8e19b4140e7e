namespace ImageResize.Core.Sources.Web;

/// <summary>An answer's body as it arrives, within the limits on bytes and time. Closing it ends the connection.</summary>
internal sealed class WebStream(HttpResponseMessage answer, Stream body, int maxBytes, TimeLimit limit) : Stream
{
    private SourceRefusedException? _refusal;
    private long _count;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _count;
        set => throw new NotSupportedException();
    }

    /// <exception cref="SourceRefusedException">Too many bytes, none at all, too slow or broken off; later reads too.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_refusal is not null)
        {
            throw _refusal;
        }

        try
        {
            return buffer.IsEmpty ? 0 : await ReadSomeAsync(buffer, cancellationToken);
        }
        catch (SourceRefusedException refusal)
        {
            _refusal = refusal;
            throw;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Waits on the caller's thread: only so do the time limits hold for libvips, which cannot wait in any other way.</summary>
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            answer.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<int> ReadSomeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await ReadBodyAsync(buffer, cancellationToken);
        _count += read;

        return (read, _count) switch
        {
            (_, 0) => throw WebAnswer.NotPublic("Not a public image: the web server sent an empty file."),
            (_, var count) when count > maxBytes => throw WebAnswer.TooLarge(maxBytes),
            _ => read,
        };
    }

    private async Task<int> ReadBodyAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await limit.WaitAsync(token => body.ReadAsync(buffer, token).AsTask(), cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new SourceRefusedException(SourceRefusal.Unreachable, "The web server sent the image too slowly.");
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            throw new SourceRefusedException(SourceRefusal.Unreachable, "The web server broke off in the middle of the image.");
        }
    }
}
