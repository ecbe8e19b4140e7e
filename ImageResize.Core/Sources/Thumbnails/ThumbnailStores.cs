using ImageResize.Core.Errors;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Sources.Thumbnails;

/// <summary>Writes thumbnails to, and reads them from, the store that their place belongs to.</summary>
public sealed class ThumbnailStores(IEnumerable<IThumbnailStore> stores, IOptions<ThumbnailOptions> options)
{
    private readonly IThumbnailStore[] _stores = [.. stores];

    /// <param name="place">As decided by <see cref="ISource.PlaceThumbnail"/>.</param>
    /// <exception cref="ThumbnailStoreException">The thumbnail cannot be written now.</exception>
    /// <exception cref="RefusedException">Thumbnails must not be written there.</exception>
    public Task PutAsync(SourceUri place, ReadOnlyMemory<byte> bytes, string contentType, CancellationToken cancellationToken) =>
        _stores.First(store => store.CanHandle(place)).PutAsync(place, bytes, contentType, cancellationToken);

    /// <returns>A seekable stream that the caller closes.</returns>
    /// <exception cref="RefusedException">The thumbnail does not exist, or thumbnails are no longer stored there.</exception>
    public Task<Stream> OpenAsync(SourceUri place, CancellationToken cancellationToken) =>
        _stores.First(store => store.CanHandle(place)).OpenAsync(place, cancellationToken);

    /// <returns>A link by which the caller can read the thumbnail; null if the service itself returns the bytes.</returns>
    public async Task<Uri?> FindLinkAsync(SourceUri place, CancellationToken cancellationToken) =>
        options.Value.LinkSeconds > 0 && Array.Find(_stores, store => store.CanHandle(place)) is { } store
            ? await store.FindLinkAsync(place, TimeSpan.FromSeconds(options.Value.LinkSeconds), cancellationToken)
            : null;
}
