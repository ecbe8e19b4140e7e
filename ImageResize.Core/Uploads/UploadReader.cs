using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.Core.Sources.Uploads;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Uploads;

/// <summary>Finds stored uploads.</summary>
internal sealed class UploadReader(UploadSource uploads, GuardedThumbnailer thumbnailer)
{
    public bool IsExpired(UploadId id) => uploads.IsExpired(id);

    /// <returns>Null if the upload does not exist or has expired.</returns>
    /// <exception cref="RefusedException">The stored bytes are not an image that can be read.</exception>
    public async Task<Upload?> FindAsync(UploadId id, CancellationToken cancellationToken)
    {
        await using var stream = await uploads.FindAsync(id, isWhole: false, cancellationToken);
        if (stream is null)
        {
            return null;
        }

        var size = await thumbnailer.MeasureAsync(stream, cancellationToken);

        return new Upload(id, size, stream.Length);
    }
}
