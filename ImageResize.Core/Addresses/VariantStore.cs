using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Thumbnails;

namespace ImageResize.Core.Addresses;

/// <summary>
/// Stores thumbnails of addresses where other thumbnails of callers are: in the output container, or in the images folder.
/// </summary>
public sealed class VariantStore(ThumbnailStores thumbnails)
{
    private const int MaxBytesInMemory = 1024 * 1024;

    /// <returns>Null if it has not been made, or is no longer stored.</returns>
    public async Task<Variant?> FindAsync(VariantKey key, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await OpenAsync(key, cancellationToken);
            var isSmall = stream.Length <= MaxBytesInMemory;
            var bytes = new byte[isSmall ? (int)stream.Length : ImageFormats.PrefixLength];
            await stream.ReadExactlyAsync(bytes, cancellationToken);
            var format = ImageFormats.Recognize(bytes.AsSpan(0, Math.Min(bytes.Length, ImageFormats.PrefixLength)));

            return new Variant(isSmall ? bytes : null, format);
        }
        catch (RefusedException)
        {
            // Missing, or not an image: a power failure can leave an empty file.
            return null;
        }
    }

    /// <exception cref="RefusedException">The thumbnail is no longer stored.</exception>
    public Task<Stream> OpenAsync(VariantKey key, CancellationToken cancellationToken) =>
        thumbnails.OpenWholeAsync(PlaceOf(key), cancellationToken);

    /// <exception cref="ThumbnailStoreException">The thumbnail cannot be written now.</exception>
    public Task PutAsync(VariantKey key, Thumbnail thumbnail, CancellationToken cancellationToken) =>
        thumbnails.PutAsync(PlaceOf(key), thumbnail.Bytes, thumbnail.Format.GetContentType(), cancellationToken);

    private SourceUri PlaceOf(VariantKey key) => thumbnails.PlaceForAddress(key.Source, key.Name);
}

/// <summary>A thumbnail of an address.</summary>
/// <param name="Bytes">Null for a large one, which is read from the store while it is sent: a caller may read slowly.</param>
public sealed record Variant(ReadOnlyMemory<byte>? Bytes, ImageFormat Format);
