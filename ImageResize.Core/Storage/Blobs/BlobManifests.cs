using Azure.Storage.Blobs;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage.Blobs;

/// <summary>Keeps manifests in a container for each UTC day, named by their batches; reads those of callers where they lie.</summary>
internal sealed class BlobManifests(BlobServiceClient service, TrustedContainers containers, IOptions<StorageOptions> options) : IManifestStore
{
    private readonly DailyContainers _days = new(service, options.Value.TablePrefix + "-manifests-");

    public async Task<Stream> CreateAsync(BatchId id, CancellationToken cancellationToken)
    {
        Stream? stream = null;
        await _days.WriteAsync(
            id.Day,
            async container => stream = await container.GetBlobClient(id.ToString()).OpenWriteAsync(overwrite: true, cancellationToken: cancellationToken),
            cancellationToken);

        return stream!;
    }

    public Task RemoveAsync(BatchId id, CancellationToken cancellationToken) =>
        _days.Of(id.Day).GetBlobClient(id.ToString()).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    public async Task<Stream> OpenAsync(BatchId id, string? named, long offset, CancellationToken cancellationToken)
    {
        var blob = named is null ? _days.Of(id.Day).GetBlobClient(id.ToString()) : BlobOf(named);
        var stream = await BlobStream.FindAsync(blob, isWhole: false, cancellationToken) ?? throw Missing();
        stream.Position = offset;

        return stream;
    }

    public async Task<string> CheckAsync(string named, CancellationToken cancellationToken) =>
        await BlobOf(named).ExistsAsync(cancellationToken) ? named : throw Missing();

    private BlobClient BlobOf(string named)
    {
        if (!BlobPlace.IsBlob(named))
        {
            throw new RefusedException(ErrorCode.InvalidSource, "A manifest is a blob: blob://container/name");
        }

        var place = containers.CheckRead(BlobPlace.Parse(named));

        return place.IsFolder
            ? throw new RefusedException(ErrorCode.SourceNotAFile, "The manifest is a folder")
            : service.GetBlobContainerClient(place.Container).GetBlobClient(place.Name);
    }

    public Task<IReadOnlyList<DateOnly>> DropDaysBeforeAsync(DateOnly day, CancellationToken cancellationToken) =>
        _days.DropBeforeAsync(day, cancellationToken);

    private static RefusedException Missing() => new(ErrorCode.SourceNotFound, "The manifest does not exist");
}
