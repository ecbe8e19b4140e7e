using ImageResize.Core.Errors;
using ImageResize.Core.Telemetry;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Sources.Thumbnails;

/// <summary>Writes thumbnails to, and reads them from, the store that their place belongs to.</summary>
public sealed class ThumbnailStores(IEnumerable<IThumbnailStore> stores, IOptions<ThumbnailOptions> options)
{
    private readonly IThumbnailStore[] _stores = [.. stores];

    /// <param name="place">As decided by <see cref="ISource.PlaceThumbnail"/>.</param>
    /// <exception cref="ThumbnailStoreException">The thumbnail cannot be written now.</exception>
    /// <exception cref="RefusedException">Thumbnails must not be written there.</exception>
    public async Task PutAsync(SourceUri place, ReadOnlyMemory<byte> bytes, string contentType, CancellationToken cancellationToken)
    {
        using var step = MeasuredStep.StoreThumbnail.Start(place.Kind);
        await _stores.First(store => store.CanHandle(place)).PutAsync(place, bytes, contentType, cancellationToken);
    }

    /// <returns>A seekable stream that the caller closes.</returns>
    /// <exception cref="RefusedException">The thumbnail does not exist, or thumbnails are no longer stored there.</exception>
    public Task<Stream> OpenAsync(SourceUri place, CancellationToken cancellationToken) =>
        _stores.First(store => store.CanHandle(place)).OpenAsync(place, cancellationToken);

    /// <summary>Opens a thumbnail that will be read once, from start to end.</summary>
    /// <inheritdoc cref="OpenAsync"/>
    public Task<Stream> OpenWholeAsync(SourceUri place, CancellationToken cancellationToken) =>
        _stores.First(store => store.CanHandle(place)).OpenWholeAsync(place, cancellationToken);

    /// <inheritdoc cref="IThumbnailStore.TryAddAsync"/>
    public Task<bool> TryAddAsync(SourceUri place, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        _stores.First(store => store.CanHandle(place)).TryAddAsync(place, bytes, cancellationToken);

    /// <summary>Decides where a thumbnail of an address is written.</summary>
    /// <param name="name">Distinguishes the thumbnails of the source.</param>
    public SourceUri PlaceForAddress(SourceUri source, string name)
    {
        var hash = ThumbnailName.HashOf(source.Unredacted);

        return options.Value.PlaceForAddress($"{hash[..2]}/{hash}-{name}");
    }

    /// <summary>Decides where the lease of an address is written.</summary>
    public SourceUri PlaceForLease(string name) => options.Value.PlaceForAddress($"leases/{name}");

    /// <summary>Removes the thumbnails of a source that were made for addresses.</summary>
    /// <exception cref="ThumbnailStoreException">Some cannot be removed now.</exception>
    public Task RemoveForAddressesAsync(SourceUri source, CancellationToken cancellationToken) =>
        RemoveCallersAsync(PlaceForAddress(source, name: ""), cancellationToken);

    /// <summary>
    /// Removes a thumbnail that is stored for its caller: of an upload or a web image. Those of files and blobs stay, because jobs of other
    /// callers make the same ones.
    /// </summary>
    /// <param name="place">A place, or the start of places of which all are removed.</param>
    /// <exception cref="ThumbnailStoreException">The thumbnail cannot be removed now.</exception>
    public Task RemoveCallersAsync(SourceUri place, CancellationToken cancellationToken) =>
        options.Value.IsForCaller(place) && Array.Find(_stores, store => store.CanHandle(place)) is { } found
            ? found.RemoveCallersAsync(place, cancellationToken)
            : Task.CompletedTask;

    /// <summary>Removes the thumbnails that are stored for the current caller and whose paths start with the given one.</summary>
    /// <exception cref="ThumbnailStoreException">Some cannot be removed now.</exception>
    public Task RemoveOwnAsync(string path, CancellationToken cancellationToken) =>
        RemoveCallersAsync(options.Value.PlaceForCaller(path), cancellationToken);

    /// <returns>A link by which the caller can read the thumbnail; null if the service itself returns the bytes.</returns>
    public async Task<Uri?> FindLinkAsync(SourceUri place, CancellationToken cancellationToken) =>
        options.Value.LinkSeconds > 0 && Array.Find(_stores, store => store.CanHandle(place)) is { } store
            ? await store.FindLinkAsync(place, TimeSpan.FromSeconds(options.Value.LinkSeconds), cancellationToken)
            : null;
}
