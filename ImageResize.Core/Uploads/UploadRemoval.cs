using ImageResize.Core.Identifiers;
using ImageResize.Core.Messages;
using ImageResize.Core.Sources.Thumbnails;
using ImageResize.Core.Sources.Uploads;

namespace ImageResize.Core.Uploads;

/// <summary>Deletes an upload and its thumbnails. Deleting it again is harmless.</summary>
internal sealed class UploadRemoval(
    IUploadStore uploads, IPendingUploadStore pending, ThumbnailStores thumbnails, IMessageQueue queue, TimeProvider clock)
    : IMessageHandler<RemoveUploadMessage>
{
    /// <summary>Longer than any job takes that read the upload before it was deleted.</summary>
    private static readonly TimeSpan LongestJob = TimeSpan.FromMinutes(5);

    public async Task RemoveAsync(UploadId id, CancellationToken cancellationToken)
    {
        // Sent first, so that the message continues if this process ends. It also deletes thumbnails that are still being made.
        _ = BatchId.TryParse(id.ToString(), out var same);
        await queue.SendAsync(new RemoveUploadMessage(same) { Caller = CurrentCaller.Name }, LongestJob, cancellationToken);
        await DeleteAsync(id, cancellationToken);
    }

    public async Task HandleAsync(RemoveUploadMessage message, long dequeueCount, CancellationToken cancellationToken)
    {
        CurrentCaller.Set(message.Caller);
        if (UploadId.TryParse(message.Batch.ToString(), out var id) && CurrentCaller.MayUse(id))
        {
            await DeleteAsync(id, cancellationToken);
        }
    }

    /// <summary>Tries again later, because data that a caller has deleted must not stay.</summary>
    public Task GiveUpAsync(RemoveUploadMessage message, string reason, CancellationToken cancellationToken) =>
        queue.SendAsync(message, LongestJob, cancellationToken);

    private async Task DeleteAsync(UploadId id, CancellationToken cancellationToken)
    {
        await RemoveImageAsync(id, cancellationToken);
        await thumbnails.RemoveOwnAsync(UploadSource.PathOfThumbnails(id), cancellationToken);
        await thumbnails.RemoveForAddressesAsync(UploadSource.SourceOf(id), cancellationToken);
    }

    private async Task RemoveImageAsync(UploadId id, CancellationToken cancellationToken)
    {
        // An upload that isn't stored may still be sent to its address.
        var isDirect = await uploads.FindPropertiesAsync(id, cancellationToken) is not { } stored || DirectMark.IsIn(stored.Properties);
        if (isDirect)
        {
            await pending.CloseAsync(id, UploadAddresses.IsValid(id, clock), cancellationToken);
        }
        else
        {
            await uploads.RemoveAsync(id, cancellationToken);
        }
    }
}
