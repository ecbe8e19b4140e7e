using ImageResize.Core.Identifiers;
using ImageResize.Core.Retention;

namespace ImageResize.Core.Sources.Uploads;

/// <summary>Stores uploaded images by the day of their upload.</summary>
public interface IUploadStore : IDailyStore
{
    /// <summary>Stores the whole content, or nothing if reading the content throws.</summary>
    /// <param name="properties">Are stored with the content, and can be read without it.</param>
    Task AddAsync(
        UploadId id,
        string contentType,
        IReadOnlyDictionary<string, string> properties,
        Stream content,
        CancellationToken cancellationToken);

    /// <param name="isWhole">Whether the upload will be read to its end; then it is downloaded by one request.</param>
    /// <returns>A seekable stream, or null if the upload does not exist or no longer exists.</returns>
    Task<Stream?> FindAsync(UploadId id, bool isWhole, CancellationToken cancellationToken);

    /// <returns>Null if the upload does not exist or no longer exists.</returns>
    Task<UploadProperties?> FindPropertiesAsync(UploadId id, CancellationToken cancellationToken);

    /// <summary>Replaces the properties of an upload, if it still exists.</summary>
    Task SetPropertiesAsync(UploadId id, IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken);

    /// <summary>The uploads of a caller on a day, the newest first. Those of earlier versions are left out.</summary>
    /// <param name="after">Only older uploads than this; null for all.</param>
    IAsyncEnumerable<(UploadId Id, UploadProperties Stored)> ListAsync(
        OwnerTag owner, DateOnly day, UploadId? after, CancellationToken cancellationToken);

    Task RemoveAsync(UploadId id, CancellationToken cancellationToken);
}

/// <param name="Bytes">The length of the content.</param>
/// <param name="Properties">Empty if the upload was stored by an earlier version, or has not been measured yet.</param>
public sealed record UploadProperties(long Bytes, IReadOnlyDictionary<string, string> Properties);
