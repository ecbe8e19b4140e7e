using ImageResize.Core.Errors;
using ImageResize.Core.Memory;

namespace ImageResize.Core.Sources;

/// <summary>Copies a source of unknown length to a temporary file, so that it holds no memory while it arrives slowly.</summary>
internal static class TemporaryCopy
{
    private const int BufferBytes = 64 * 1024;

    /// <returns>The file from its start. It is deleted when it is closed, also when the process ends.</returns>
    /// <exception cref="RefusedException">The source has more than <paramref name="limit"/> bytes.</exception>
    public static async Task<Stream> CreateAsync(Stream source, long limit, CancellationToken cancellationToken)
    {
        var file = TemporaryFile.Create();
        try
        {
            var buffer = new byte[BufferBytes];
            while (await source.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                if (file.Position + read > limit)
                {
                    throw SourceBytes.TooLarge(limit);
                }

                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

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
