using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Retention;

namespace ImageResize.Core.Uploads;

/// <summary>Keeps uploaded images, by the day of their upload.</summary>
public interface IUploadStore : IDailyStore
{
    /// <summary>Stores all that the content gives; nothing, if that throws.</summary>
    Task AddAsync(UploadId id, ImageFormat format, Stream content, CancellationToken cancellationToken);

    /// <param name="isWhole">It is going to be read to its end.</param>
    /// <returns>A stream that seeks, and reads as it is read; null when there is no such upload, or no longer.</returns>
    Task<Stream?> FindAsync(UploadId id, bool isWhole, CancellationToken cancellationToken);

    Task RemoveAsync(UploadId id, CancellationToken cancellationToken);
}
