using ImageResize.Core.Errors;

namespace ImageResize.Core.Sources.Web;

/// <summary>The body of a response, within the limits of size and time. Closing it closes the connection.</summary>
/// <param name="connection">Its place among those of its host.</param>
internal sealed class WebStream(HttpResponseMessage answer, Stream body, IDisposable connection, int maxBytes, TimeLimit limit)
    : ForwardOnlyStream
{
    private RefusedException? _refusal;
    private long _count;

    /// <exception cref="RefusedException">The image is too large, empty, too slow or incomplete. Later reads throw it again.</exception>
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
        catch (RefusedException refusal)
        {
            _refusal = refusal;
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            answer.Dispose();
            connection.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<int> ReadSomeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await ReadBodyAsync(buffer, cancellationToken);
        _count += read;

        return (read, _count) switch
        {
            (_, 0) => throw new RefusedException(ErrorCode.SourceEmpty, "The web server sent an empty file."),
            (_, var count) when count > maxBytes => throw WebResponseCheck.TooLarge(maxBytes),
            _ => read,
        };
    }

    private async Task<int> ReadBodyAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await limit.WaitAsync(token => body.ReadAsync(buffer, token).AsTask(), cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or ObjectDisposedException)
        {
            // The platform closes the connection at the time limit, even if a read succeeds at that moment. The next read then fails.
            throw new RefusedException(ErrorCode.SourceUnreachable, "The web server sent the image too slowly.");
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            throw new RefusedException(ErrorCode.SourceUnreachable, "The web server closed the connection in the middle of the image.");
        }
    }
}
