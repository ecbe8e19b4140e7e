using ImageResize.Core.Errors;

namespace ImageResize.Core.Sources.Blobs;

/// <summary>Reads blobs of the service's own storage account. Whether a blob may be read is checked before.</summary>
internal interface IBlobStore
{
    Task<bool> ExistsAsync(BlobPath blob, CancellationToken cancellationToken);

    Task<bool> ContainerExistsAsync(string container, CancellationToken cancellationToken);

    /// <param name="isWhole">Whether the blob will be read to its end; then it is downloaded by one request.</param>
    /// <returns>Null if the blob or its container does not exist.</returns>
    /// <exception cref="RefusedException">The blob is in the archive tier.</exception>
    Task<OpenedBlob?> FindAsync(BlobPath blob, bool isWhole, CancellationToken cancellationToken);

    /// <returns>The ETag; null if the blob or its container does not exist.</returns>
    Task<string?> FindVersionAsync(BlobPath blob, CancellationToken cancellationToken);

    /// <summary>Lists a folder's blobs in the order of the service, a page at a time.</summary>
    /// <param name="after">The name to continue after, or null to start with the first.</param>
    IAsyncEnumerable<ListedBlob> ListAsync(BlobPath folder, string? after, CancellationToken cancellationToken);
}
