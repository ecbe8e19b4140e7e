using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Sources.Uploads;
using ImageResize.Core.Uploads;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage.Blobs;

/// <summary>
/// Stores pending uploads in one container per UTC day, with the names of uploads. Callers write to one blob of it with a signed address,
/// and never to the containers of uploads: a checked upload is a copy there.
/// </summary>
internal sealed class BlobPendingUploads(BlobServiceClient service, IOptions<StorageOptions> options, TimeProvider clock)
    : IPendingUploadStore
{
    private const int NotFound = 404;
    private const int Conflict = 409;
    private const int PreconditionFailed = 412;

    /// <summary>How long the copy of an upload may take to begin.</summary>
    private static readonly TimeSpan CopyLifetime = TimeSpan.FromMinutes(15);

    private readonly DailyContainers _days = new(service, options.Value.TablePrefix + "-pending-");
    private readonly DailyContainers _uploads = BlobUploads.OpenDays(service, options.Value);
    private readonly BlobSignatures _signatures = new(service, clock);

    public string Origin { get; } = service.Uri.GetLeftPart(UriPartial.Authority);

    public async Task<UploadAddress> CreateAddressAsync(
        UploadId id, string? name, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        await _days.WriteAsync(id.Day, _ => Task.CompletedTask, cancellationToken);
        var headers = StoredName.AddTo(new Dictionary<string, string>(), name)
            .ToDictionary(property => "x-ms-meta-" + property.Key, property => property.Value);
        headers["x-ms-blob-type"] = "BlockBlob";
        try
        {
            var address = await _signatures.SignAsync(
                BlobOf(id), BlobSasPermissions.Create | BlobSasPermissions.Write, lifetime, cancellationToken);

            return new UploadAddress(address, headers);
        }
        catch (RequestFailedException refusal) when (refusal.Status is 401 or 403)
        {
            throw new RefusedException(
                ErrorCode.UploadAddressUnavailable,
                "Storage does not let this service sign addresses: its identity needs the role Storage Blob Delegator, or its connection "
                + $"string the account's key. Send images of up to {UploadOptions.MaxRequestBytes} bytes to /v1/images.",
                refusal);
        }
    }

    public async Task<PendingUpload?> FindAsync(UploadId id, CancellationToken cancellationToken)
    {
        try
        {
            var found = await BlobStream.FindAsync(BlobOf(id), isWhole: false, cancellationToken);

            return found is null ? null : new PendingUpload(found, found.Version);
        }
        catch (RequestFailedException unreadable) when (unreadable.Status == Conflict)
        {
            throw new RefusedException(
                ErrorCode.SourceUnreachable,
                "The upload can't be read. Send it to the hot or cool tier, and without an encryption key of your own.",
                unreadable);
        }
    }

    public async Task<MoveResult> MoveAsync(
        UploadId id, string version, IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken)
    {
        var copy = new BlobCopyFromUriOptions
        {
            Metadata = new Dictionary<string, string>(properties),
            SourceConditions = new BlobRequestConditions { IfMatch = new ETag(version) },
            DestinationConditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
        };
        var from = await AddressForCopyAsync(BlobOf(id), cancellationToken);
        try
        {
            await _uploads.WriteAsync(id.Day, container => CopyAsync(container.GetBlobClient(BlobUploads.NameOf(id))), cancellationToken);
        }
        catch (RequestFailedException exists)
            when (exists.ErrorCode == BlobErrorCode.BlobAlreadyExists || exists.ErrorCode == BlobErrorCode.TargetConditionNotMet)
        {
            return MoveResult.Exists;
        }
        catch (RequestFailedException changed) when (changed.Status is PreconditionFailed or NotFound)
        {
            return MoveResult.Changed;
        }

        catch (InvalidOperationException)
        {
            // Its caller has deleted the upload, which replaced the blob that was being written.
            return MoveResult.Exists;
        }

        await RemoveAsync(id, cancellationToken);

        return MoveResult.Moved;

        async Task CopyAsync(BlobClient to)
        {
            // Within an account, storage copies no bytes and has usually finished when it answers.
            var copying = await to.StartCopyFromUriAsync(from, copy, cancellationToken);
            await copying.WaitForCompletionAsync(cancellationToken);
        }
    }

    public async Task RemoveAsync(UploadId id, CancellationToken cancellationToken)
    {
        try
        {
            await BlobOf(id).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException leased) when (leased.Status is PreconditionFailed or Conflict)
        {
            // The caller has leased it. It's deleted with its container, and a checked upload no longer needs it.
        }
    }

    public async Task CloseAsync(UploadId id, bool isAddressValid, CancellationToken cancellationToken)
    {
        if (isAddressValid)
        {
            // Nothing can be copied to a blob that exists.
            await _uploads.WriteAsync(
                id.Day,
                container => container.GetBlobClient(BlobUploads.NameOf(id))
                    .UploadAsync(BinaryData.FromBytes(ReadOnlyMemory<byte>.Empty), overwrite: true, cancellationToken),
                cancellationToken);
        }
        else
        {
            await _uploads.Of(id.Day).GetBlobClient(BlobUploads.NameOf(id)).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        }

        await RemoveAsync(id, cancellationToken);
    }

    /// <summary>Drops all days before yesterday, so that what is never used is not kept as long as uploads.</summary>
    public Task<IReadOnlyList<DateOnly>> DropDaysBeforeAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var yesterday = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-1);

        return _days.DropBeforeAsync(day > yesterday ? day : yesterday, cancellationToken);
    }

    /// <summary>An account key opens both blobs. An identity does not, so the address of the source is signed.</summary>
    private async Task<Uri> AddressForCopyAsync(BlobClient blob, CancellationToken cancellationToken) => blob.CanGenerateSasUri
        ? blob.Uri
        : await _signatures.SignAsync(blob, BlobSasPermissions.Read, CopyLifetime, cancellationToken);

    private BlobClient BlobOf(UploadId id) => _days.Of(id.Day).GetBlobClient(BlobUploads.NameOf(id));
}
