using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Retention;
using ImageResize.Core.Sources.Thumbnails;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Sources.Uploads;

/// <summary>Images that callers have uploaded: <c>upload://id</c>.</summary>
internal sealed class UploadSource(
    IUploadStore store,
    IPendingUploads pending,
    IOptions<RegionOptions> regions,
    IOptions<ThumbnailOptions> thumbnails,
    RetentionPolicy retention) : ISource
{
    private const string Scheme = "upload";
    private const string Thumbnails = "uploads/";

    public string Form => "upload://";

    /// <summary>The start of the paths of an upload's thumbnails among those of its caller.</summary>
    public static string PathOfThumbnails(UploadId id) => Thumbnails + id;

    public static SourceUri SourceOf(UploadId id) => new(Scheme, id.ToString());

    public bool CanHandle(SourceUri source) => source.Scheme == Scheme;

    public SourceUri Normalize(SourceUri source)
    {
        var id = Parse(source);
        if (!CurrentCaller.MayUse(id))
        {
            throw NotFound();
        }

        return regions.Value.FindOther(id.Region) is { } other
            ? throw new RefusedException(ErrorCode.SourceNotFound, $"The upload is stored in another region; send the request to {other}")
            : SourceOf(id);
    }

    public Task<Stream> OpenAsync(SourceUri source, CancellationToken cancellationToken) =>
        OpenAsync(source, isWhole: false, cancellationToken);

    public Task<Stream> OpenWholeAsync(SourceUri source, CancellationToken cancellationToken) =>
        OpenAsync(source, isWhole: true, cancellationToken);

    /// <summary>Whether retention is over. Uploads are kept as long as results.</summary>
    public bool IsExpired(UploadId id) => retention.IsExpired(id.Day);

    /// <returns>Null if the upload does not exist or has expired.</returns>
    public async Task<Stream?> FindAsync(UploadId id, bool isWhole, CancellationToken cancellationToken) =>
        await FindOrAcceptAsync(id, () => store.FindAsync(id, isWhole, cancellationToken), cancellationToken);

    /// <returns>Null if the upload does not exist or has expired.</returns>
    public async Task<UploadProperties?> FindPropertiesAsync(UploadId id, CancellationToken cancellationToken) =>
        await FindOrAcceptAsync(id, () => store.FindPropertiesAsync(id, cancellationToken), cancellationToken);

    /// <summary>The bytes of an upload never change.</summary>
    public async Task<string?> FindVersionAsync(SourceUri source, CancellationToken cancellationToken) =>
        await FindPropertiesAsync(Parse(source), cancellationToken) is { } found ? $"{found.Bytes:x}" : throw NotFound();

    public SourceUri PlaceThumbnail(SourceUri source, ThumbnailName name) =>
        thumbnails.Value.PlaceForCaller(Thumbnails + name.For(source.Path + name.Extension));

    /// <remarks>After nothing was pending, it looks again: another worker may have accepted the upload meanwhile.</remarks>
    private async Task<T?> FindOrAcceptAsync<T>(UploadId id, Func<Task<T?>> find, CancellationToken cancellationToken)
        where T : class =>
        IsExpired(id) ? null
        : await find() is { } found ? found
        : await pending.AcceptAsync(id, cancellationToken) ? await find()
        : null;

    private async Task<Stream> OpenAsync(SourceUri source, bool isWhole, CancellationToken cancellationToken) =>
        await FindAsync(Parse(source), isWhole, cancellationToken)
        ?? throw NotFound();

    private static RefusedException NotFound() =>
        new(ErrorCode.SourceNotFound, "The upload does not exist, or no longer exists.");

    private static UploadId Parse(SourceUri source) =>
        UploadId.TryParse(source.Path, out var id)
            ? id
            : throw new RefusedException(ErrorCode.InvalidSource, "An upload is upload://id, with the id that the upload returned.");
}
