using System.Diagnostics;

namespace ImageResize.Core.Messages;

/// <summary>Passes a message to the handler of its kind.</summary>
public sealed class MessageHandlers(
    IMessageHandler<SliceMessage> slices,
    IMessageHandler<ListMessage> listings,
    IMessageHandler<WatchMessage> watches,
    IMessageHandler<CallbackMessage> callbacks,
    IMessageHandler<PurgeMessage> purges,
    IMessageHandler<RemoveUploadMessage> uploads)
{
    public Task HandleAsync(WorkMessage message, long dequeueCount, CancellationToken cancellationToken) => message switch
    {
        SliceMessage slice => slices.HandleAsync(slice, dequeueCount, cancellationToken),
        ListMessage listing => listings.HandleAsync(listing, dequeueCount, cancellationToken),
        WatchMessage watch => watches.HandleAsync(watch, dequeueCount, cancellationToken),
        CallbackMessage callback => callbacks.HandleAsync(callback, dequeueCount, cancellationToken),
        PurgeMessage purge => purges.HandleAsync(purge, dequeueCount, cancellationToken),
        RemoveUploadMessage upload => uploads.HandleAsync(upload, dequeueCount, cancellationToken),
        _ => throw new UnreachableException(),
    };

    public Task GiveUpAsync(WorkMessage message, string reason, CancellationToken cancellationToken) => message switch
    {
        SliceMessage slice => slices.GiveUpAsync(slice, reason, cancellationToken),
        ListMessage listing => listings.GiveUpAsync(listing, reason, cancellationToken),
        WatchMessage watch => watches.GiveUpAsync(watch, reason, cancellationToken),
        CallbackMessage callback => callbacks.GiveUpAsync(callback, reason, cancellationToken),
        PurgeMessage purge => purges.GiveUpAsync(purge, reason, cancellationToken),
        RemoveUploadMessage upload => uploads.GiveUpAsync(upload, reason, cancellationToken),
        _ => throw new UnreachableException(),
    };
}
