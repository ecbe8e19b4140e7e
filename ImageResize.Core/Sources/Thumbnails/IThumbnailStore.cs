using ImageResize.Core.Errors;

namespace ImageResize.Core.Sources.Thumbnails;

/// <summary>A place that thumbnails are written to: the images folder, or blobs.</summary>
public interface IThumbnailStore
{
    bool CanHandle(SourceUri place);

    /// <summary>Writes the whole thumbnail or nothing, and replaces an existing one.</summary>
    /// <exception cref="ThumbnailStoreException">The thumbnail cannot be written now.</exception>
    Task PutAsync(SourceUri place, ReadOnlyMemory<byte> bytes, string contentType, CancellationToken cancellationToken);

    /// <summary>Writes a small file unless there is one already. Of several that write at once, one succeeds.</summary>
    /// <exception cref="ThumbnailStoreException">The file cannot be written now.</exception>
    Task<bool> TryAddAsync(SourceUri place, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Opens a thumbnail.</summary>
    /// <returns>A seekable stream that the caller closes.</returns>
    /// <exception cref="RefusedException">The thumbnail does not exist, or thumbnails are no longer stored there.</exception>
    Task<Stream> OpenAsync(SourceUri place, CancellationToken cancellationToken);

    /// <summary>Opens a thumbnail that will be read once, from start to end, which some stores do with fewer requests.</summary>
    /// <inheritdoc cref="OpenAsync"/>
    Task<Stream> OpenWholeAsync(SourceUri place, CancellationToken cancellationToken) => OpenAsync(place, cancellationToken);

    /// <summary>Removes thumbnails of uploads and web images that were written before a time.</summary>
    /// <returns>How many were removed.</returns>
    /// <exception cref="ThumbnailStoreException">Some cannot be removed now.</exception>
    Task<int> RemoveCallersBeforeAsync(DateTimeOffset time, CancellationToken cancellationToken);

    /// <summary>Removes thumbnails of addresses that were written before a time, and leases that were left.</summary>
    /// <inheritdoc cref="RemoveCallersBeforeAsync"/>
    Task<int> RemoveAddressesBeforeAsync(DateTimeOffset time, CancellationToken cancellationToken);

    /// <summary>Removes the thumbnails of uploads and web images whose places start with this one; none is no error.</summary>
    /// <param name="place">The start of places, up to and with a part of the name.</param>
    /// <exception cref="ThumbnailStoreException">Some cannot be removed now.</exception>
    Task RemoveCallersAsync(SourceUri place, CancellationToken cancellationToken);

    /// <returns>A link by which anyone can read the thumbnail for some time; null if there are no links to this place.</returns>
    Task<Uri?> FindLinkAsync(SourceUri place, TimeSpan lifetime, CancellationToken cancellationToken);
}
