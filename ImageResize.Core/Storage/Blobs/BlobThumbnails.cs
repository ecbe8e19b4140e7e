using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ImageResize.Core.Imaging;
using ImageResize.Core.Jobs;

namespace ImageResize.Core.Storage.Blobs;

/// <summary>Keeps thumbnails in containers. A blob put by one request is there whole or not at all.</summary>
internal sealed class BlobThumbnails(BlobServiceClient service, TrustedContainers containers) : IThumbnailStore
{
    public bool Owns(string place) => BlobPlace.IsBlob(place);

    public async Task PutAsync(string place, Thumbnail thumbnail, CancellationToken cancellationToken)
    {
        var (containerName, name) = BlobPlace.Parse(place);
        containers.CheckWrite(new BlobPlace(containerName, name));

        var container = service.GetBlobContainerClient(containerName);
        var blob = container.GetBlobClient(name);
        var bytes = BinaryData.FromBytes(thumbnail.Bytes);
        var options = new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = ContentType.Of(thumbnail.Format) } };
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
