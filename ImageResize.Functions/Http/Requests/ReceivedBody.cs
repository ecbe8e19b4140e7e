using ImageResize.Core.Errors;
using ImageResize.Core.Memory;

namespace ImageResize.Functions.Http.Requests;

/// <summary>Receives a request body completely before anything is done with it, so that a slow caller holds no memory meanwhile.</summary>
internal static class ReceivedBody
{
    private const int MaxBytesInMemory = 64 * 1024;

    /// <returns>The body from its start: a short one in memory, a longer one in a temporary file. Its length is known.</returns>
    /// <exception cref="BadHttpRequestException">The body is too large, or arrives too slowly.</exception>
    /// <exception cref="RefusedException">The body is encoded.</exception>
    public static async Task<Stream> ReceiveAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        ContentEncoding.Refuse(request.Headers.ContentEncoding);
        var start = new byte[MaxBytesInMemory];
        var length = await request.Body.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        if (length < start.Length)
        {
            return new MemoryStream(start, 0, length, writable: false);
        }

        var file = TemporaryFile.Create();
        try
        {
            await file.WriteAsync(start, cancellationToken);
            await request.Body.CopyToAsync(file, start.Length, cancellationToken);
            file.Position = 0;

            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
