using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;

namespace ImageResize.Core.Storage.Blobs;

/// <summary>
/// Signs addresses of single blobs, with the account's key if it is known, otherwise with a user delegation key of the service's identity.
/// </summary>
internal sealed class BlobSignatures(BlobServiceClient service, TimeProvider clock)
{
    /// <summary>Addresses are valid from a time in the past, because the clock of the storage service may be behind.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    public async Task<Uri> SignAsync(
        BlobClient blob, BlobSasPermissions permissions, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var signature = new BlobSasBuilder(permissions, now + lifetime)
        {
            BlobContainerName = blob.BlobContainerName,
            BlobName = blob.Name,
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
}
