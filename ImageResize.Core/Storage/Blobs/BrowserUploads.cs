using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace ImageResize.Core.Storage.Blobs;

/// <summary>Lets pages in browsers send uploads to a local storage account (CORS). In Azure, that is a setting of the account.</summary>
public sealed class BrowserUploads(BlobServiceClient service)
{
    /// <summary>Does nothing if the account is not local, or has rules of its own.</summary>
    public async Task AllowAsync(CancellationToken cancellationToken)
    {
        if (!service.Uri.IsLoopback)
        {
            return;
        }

        BlobServiceProperties properties = await service.GetPropertiesAsync(cancellationToken);
        if (properties.Cors is { Count: > 0 })
        {
            return;
        }

        // The address that the page sends to is a secret of its caller, so the page's origin needs no check.
        properties.Cors =
        [
            new BlobCorsRule
            {
                AllowedOrigins = "*",
                AllowedMethods = "PUT",
                AllowedHeaders = "content-type,x-ms-*",
                ExposedHeaders = "",
                MaxAgeInSeconds = 3_600,
            },
        ];
        await service.SetPropertiesAsync(properties, cancellationToken);
    }
}
