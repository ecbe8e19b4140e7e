using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Blobs;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage.Blobs;

/// <summary>Stores manifests in one container per UTC day, named by their batches, and reads the manifests that callers name.</summary>
internal sealed class BlobManifests(
    BlobServiceClient service,
    AllowedContainers containers,
    IOptions<StorageOptions> options) : IManifestStore
{
    /// <summary>Other values of Content-Encoding do not change the bytes.</summary>
    private static readonly string[] Compressions = ["gzip", "x-gzip", "br", "deflate", "zstd", "compress"];

    private readonly DailyContainers _days = new(service, options.Value.TablePrefix + "-manifests-");

    public async Task<Stream> CreateAsync(BatchId id, CancellationToken cancellationToken)
    {
        Stream? stream = null;
        await _days.WriteAsync(
            id.Day,
            async container => stream = await container.GetBlobClient(id.ToString())
                .OpenWriteAsync(overwrite: true, cancellationToken: cancellationToken),
            cancellationToken);

        return stream!;
    }

    public Task RemoveAsync(BatchId id, CancellationToken cancellationToken) =>
        _days.Of(id.Day).GetBlobClient(id.ToString()).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    public async Task<Stream> OpenAsync(BatchId id, SourceUri? named, long offset, CancellationToken cancellationToken)
    {
        var blob = named is null ? _days.Of(id.Day).GetBlobClient(id.ToString()) : BlobOf(named);
        var stream = await BlobStream.FindAsync(blob, isWhole: false, cancellationToken) ?? throw Missing();
        stream.Position = offset;

        return stream;
    }

    public async Task<SourceUri> CheckAsync(SourceUri named, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties blob = await BlobOf(named).GetPropertiesAsync(cancellationToken: cancellationToken);

            return Compressions.Contains(blob.ContentEncoding, StringComparer.OrdinalIgnoreCase)
                ? throw new RefusedException(
                    ErrorCode.ContentEncodingNotSupported,
                    $"The manifest is stored with Content-Encoding {blob.ContentEncoding}, which is not supported. "
                    + "Store it uncompressed.")
                : named;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            throw Missing();
        }
    }

    private BlobClient BlobOf(SourceUri named)
    {
        if (!BlobPath.IsBlob(named))
        {
            throw new RefusedException(ErrorCode.InvalidSource, "A manifest is a blob: blob://container/name");
        }

        var path = containers.EnsureReadable(BlobPath.Parse(named));

        return path.IsFolder
            ? throw new RefusedException(ErrorCode.SourceNotAFile, "The manifest is a folder")
            : service.GetBlobContainerClient(path.Container).GetBlobClient(path.Name);
    }

    public Task<IReadOnlyList<DateOnly>> DropDaysBeforeAsync(DateOnly day, CancellationToken cancellationToken) =>
        _days.DropBeforeAsync(day, cancellationToken);

    private static RefusedException Missing() => new(ErrorCode.SourceNotFound, "The manifest does not exist");
}
