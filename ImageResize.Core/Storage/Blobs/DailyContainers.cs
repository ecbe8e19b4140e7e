using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace ImageResize.Core.Storage.Blobs;

/// <summary>A container for each UTC day, so that a day can be dropped whole.</summary>
/// <param name="prefix">What their names begin with; the day follows.</param>
internal sealed class DailyContainers(BlobServiceClient service, string prefix)
{
    private readonly DayNames _names = new(prefix);

    /// <summary>The last day whose container was made, so that it is made once a day and not for every blob.</summary>
    private DateOnly _made;

    public BlobContainerClient Of(DateOnly day) => service.GetBlobContainerClient(_names.Of(day));

    /// <summary>Runs what writes into a day's container, which is made before if need be.</summary>
    public async Task WriteAsync(DateOnly day, Func<BlobContainerClient, Task> write, CancellationToken cancellationToken)
    {
        var container = Of(day);
        if (_made != day)
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            _made = day;
        }

        try
        {
            await write(container);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            _made = default;
            throw;
        }
    }

    public async Task<IReadOnlyList<DateOnly>> DropBeforeAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var dropped = new List<DateOnly>();
        await foreach (var container in service.GetBlobContainersAsync(prefix: _names.Prefix, cancellationToken: cancellationToken))
        {
            if (_names.FindDay(container.Name) is { } born && born < day && await TryDropAsync(container.Name, cancellationToken))
            {
                dropped.Add(born);
            }
        }

        return dropped;
    }

    private async Task<bool> TryDropAsync(string container, CancellationToken cancellationToken)
    {
        try
        {
            return await service.GetBlobContainerClient(container).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException other) when (other.ErrorCode == BlobErrorCode.ContainerBeingDeleted)
        {
            return false;
        }
    }
}
