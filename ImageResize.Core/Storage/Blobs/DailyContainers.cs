using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace ImageResize.Core.Storage.Blobs;

/// <summary>One container per UTC day, so that a whole day can be dropped at once.</summary>
/// <param name="prefix">The start of the container names; the day follows.</param>
internal sealed class DailyContainers(BlobServiceClient service, string prefix)
{
    private readonly DayNames _names = new(prefix);

    /// <summary>The last day whose container was created, so that it is created once a day and not for every blob.</summary>
    private DateOnly _made;

    public BlobContainerClient Of(DateOnly day) => service.GetBlobContainerClient(_names.Of(day));

    /// <summary>Writes into the container of a day, which is created if necessary.</summary>
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
