using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.Core.Retention;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Uploads;

/// <summary>Finds what was uploaded.</summary>
public sealed class UploadReader(IUploadStore store, GuardedThumbnailer thumbnailer, RetentionPolicy retention)
{
    /// <summary>Uploads are kept as long as results are.</summary>
    public bool IsExpired(UploadId id) => retention.IsExpired(id.Day);

    /// <exception cref="RefusedException">It is stored, and is no image that we read.</exception>
    public async Task<Upload?> FindAsync(UploadId id, CancellationToken cancellationToken)
    {
        await using var stream = await OpenAsync(id, isWhole: false, cancellationToken);
        if (stream is null)
        {
            return null;
        }

        var size = await thumbnailer.MeasureAsync(stream, cancellationToken);

        return new Upload(id, size, stream.Length);
    }

    public async Task<Stream?> OpenAsync(UploadId id, bool isWhole, CancellationToken cancellationToken) =>
        IsExpired(id) ? null : await store.FindAsync(id, isWhole, cancellationToken);
}
