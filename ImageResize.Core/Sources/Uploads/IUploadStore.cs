using ImageResize.Core.Identifiers;
using ImageResize.Core.Retention;

namespace ImageResize.Core.Sources.Uploads;

/// <summary>Stores uploaded images by the day of their upload.</summary>
public interface IUploadStore : IDailyStore
{
    /// <summary>Stores the whole content, or nothing if reading the content throws.</summary>
    Task AddAsync(UploadId id, string contentType, Stream content, CancellationToken cancellationToken);

    /// <param name="isWhole">Whether the upload will be read to its end; then it is downloaded by one request.</param>
    /// <returns>A seekable stream, or null if the upload does not exist or no longer exists.</returns>
    Task<Stream?> FindAsync(UploadId id, bool isWhole, CancellationToken cancellationToken);

    Task RemoveAsync(UploadId id, CancellationToken cancellationToken);
}
