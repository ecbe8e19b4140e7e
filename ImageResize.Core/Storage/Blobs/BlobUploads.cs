using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Sources.Uploads;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage.Blobs;

/// <summary>
/// Stores uploads in one container per UTC day, in a folder of their owner, the newest first. The id alone tells the name. A blob exists
/// when all of it has arrived. Earlier versions named it by the id; such a blob is found, but not listed. An empty blob stands for an
/// upload that was deleted while it could still be sent; see <see cref="BlobPendingUploads"/>.
/// </summary>
internal sealed class BlobUploads(BlobServiceClient service, IOptions<StorageOptions> options) : IUploadStore
{
    /// <summary>How much of an upload is held in memory.</summary>
    private const int BlockBytes = 4 * 1024 * 1024;

    private const int NotFound = 404;

    private const int ListedAtOnce = 500;

    private readonly DailyContainers _days = OpenDays(service, options.Value);

    internal static DailyContainers OpenDays(BlobServiceClient service, StorageOptions options) =>
        new(service, options.TablePrefix + "-uploads-");

    /// <summary>Takes one request if the length is known and at most one block.</summary>
    public Task AddAsync(
        UploadId id,
        string contentType,
        IReadOnlyDictionary<string, string> properties,
        Stream content,
        CancellationToken cancellationToken)
    {
        var upload = new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = contentType },
            Metadata = new Dictionary<string, string>(properties),
            TransferOptions = new StorageTransferOptions
            {
                InitialTransferSize = BlockBytes,
                MaximumTransferSize = BlockBytes,
                MaximumConcurrency = 1,
            },
        };

        return _days.WriteAsync(
            id.Day,
            container => container.GetBlobClient(NameOf(id)).UploadAsync(content, upload, cancellationToken),
            cancellationToken);
    }

    public async Task<Stream?> FindAsync(UploadId id, bool isWhole, CancellationToken cancellationToken)
    {
        var found = await BlobStream.FindAsync(BlobOf(id), isWhole, cancellationToken)
            ?? await BlobStream.FindAsync(EarlierBlobOf(id), isWhole, cancellationToken);
        if (found is not { Length: 0 })
        {
            return found;
        }

        await found.DisposeAsync();

        return null;
    }

    public async Task<UploadProperties?> FindPropertiesAsync(UploadId id, CancellationToken cancellationToken)
    {
        var found = await FindPropertiesAsync(BlobOf(id), cancellationToken)
            ?? await FindPropertiesAsync(EarlierBlobOf(id), cancellationToken);

        return found is { Bytes: 0 } ? null : found;
    }

    public async Task SetPropertiesAsync(
        UploadId id, IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken)
    {
        // If neither exists, the upload was removed meanwhile.
        _ = await TrySetPropertiesAsync(BlobOf(id), properties, cancellationToken)
            || await TrySetPropertiesAsync(EarlierBlobOf(id), properties, cancellationToken);
    }

    public async IAsyncEnumerable<(UploadId Id, UploadProperties Stored)> ListAsync(
        OwnerTag owner, DateOnly day, UploadId? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = after is { } id ? NameOf(id) : null;
        var options = new GetBlobsOptions { Prefix = FolderOf(owner), StartFrom = last, Traits = BlobTraits.Metadata };
        var pages = _days.Of(day).GetBlobsAsync(options, cancellationToken)
            .AsPages(pageSizeHint: ListedAtOnce).GetAsyncEnumerator(cancellationToken);
        await using (pages)
        {
            while (await MoveNextAsync(pages))
            {
                // Azurite ignores the start and lists from the first blob.
                var stored = pages.Current.Values.Where(blob =>
                    string.CompareOrdinal(blob.Name, last) > 0 && blob.Properties.ContentLength > 0);
                foreach (var blob in stored)
                {
                    if (UploadId.TryParse(blob.Name[(FolderOf(owner).Length + NewestFirst.TimeLength)..], out var found))
                    {
                        yield return (found, new UploadProperties(blob.Properties.ContentLength ?? 0, PropertiesOf(blob.Metadata)));
                    }
                }
            }
        }
    }

    public async Task RemoveAsync(UploadId id, CancellationToken cancellationToken)
    {
        if (!await BlobOf(id).DeleteIfExistsAsync(cancellationToken: cancellationToken))
        {
            await EarlierBlobOf(id).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        }
    }

    public Task<IReadOnlyList<DateOnly>> DropDaysBeforeAsync(DateOnly day, CancellationToken cancellationToken) =>
        _days.DropBeforeAsync(day, cancellationToken);

    private static async Task<UploadProperties?> FindPropertiesAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties found = await blob.GetPropertiesAsync(cancellationToken: cancellationToken);

            return new UploadProperties(found.ContentLength, PropertiesOf(found.Metadata));
        }
        catch (RequestFailedException missing) when (missing.Status == NotFound)
        {
            return null;
        }
    }

    /// <returns>Whether the blob exists.</returns>
    private static async Task<bool> TrySetPropertiesAsync(
        BlobClient blob, IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken)
    {
        try
        {
            await blob.SetMetadataAsync(new Dictionary<string, string>(properties), cancellationToken: cancellationToken);

            return true;
        }
        catch (RequestFailedException missing) when (missing.Status == NotFound)
        {
            return false;
        }
    }

    /// <returns>False also if the container does not exist, because nothing was uploaded on its day.</returns>
    private static async Task<bool> MoveNextAsync(IAsyncEnumerator<Page<BlobItem>> pages)
    {
        try
        {
            return await pages.MoveNextAsync();
        }
        catch (RequestFailedException missing) when (missing.Status == NotFound)
        {
            return false;
        }
    }

    private static Dictionary<string, string> PropertiesOf(IDictionary<string, string>? metadata) =>
        new(metadata ?? new Dictionary<string, string>(), StringComparer.OrdinalIgnoreCase);

    private static string FolderOf(OwnerTag owner) => $"{owner}/";

    internal static string NameOf(UploadId id) => FolderOf(id.Owner ?? default) + NewestFirst.KeyOf(id.UploadedAt, id);

    private BlobClient BlobOf(UploadId id) => _days.Of(id.Day).GetBlobClient(NameOf(id));

    private BlobClient EarlierBlobOf(UploadId id) => _days.Of(id.Day).GetBlobClient(id.ToString());
}
