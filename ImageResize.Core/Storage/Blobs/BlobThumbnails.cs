using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Jobs.Thumbnails;

namespace ImageResize.Core.Storage.Blobs;

/// <summary>Keeps thumbnails in containers. A blob put by one request is there whole or not at all.</summary>
internal sealed class BlobThumbnails(BlobServiceClient service, TrustedContainers containers, TimeProvider clock) : IThumbnailStore
{
    /// <summary>A link holds from a little ago on, for the service's clock may be behind ours.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    public bool Owns(string place) => BlobPlace.IsBlob(place);

    /// <summary>
    /// Signed with the account's key where we have it, else with one that the service gives our identity for the purpose.
    /// </summary>
    public async Task<Uri?> FindLinkAsync(string place, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var (containerName, name) = containers.CheckRead(BlobPlace.Parse(place));
        var blob = service.GetBlobContainerClient(containerName).GetBlobClient(name);
        var now = clock.GetUtcNow();
        var signature = new BlobSasBuilder(BlobSasPermissions.Read, now + lifetime)
        {
            BlobContainerName = containerName,
            BlobName = name,
            Resource = "b",
            StartsOn = now - ClockSkew,
        };
        if (blob.CanGenerateSasUri)
        {
            return blob.GenerateSasUri(signature);
        }

        UserDelegationKey key = await service.GetUserDelegationKeyAsync(signature.StartsOn, signature.ExpiresOn, cancellationToken);

        return new BlobUriBuilder(blob.Uri) { Sas = signature.ToSasQueryParameters(key, service.AccountName) }.ToUri();
    }

    public async Task PutAsync(string place, Thumbnail thumbnail, CancellationToken cancellationToken)
    {
        var (containerName, name) = BlobPlace.Parse(place);
        containers.CheckWrite(new BlobPlace(containerName, name));

        var container = service.GetBlobContainerClient(containerName);
        var blob = container.GetBlobClient(name);
        var bytes = BinaryData.FromBytes(thumbnail.Bytes);
        var options = new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = thumbnail.Format.GetContentType() } };
        try
        {
            await blob.UploadAsync(bytes, options, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await blob.UploadAsync(bytes, options, cancellationToken);
        }
    }
}
