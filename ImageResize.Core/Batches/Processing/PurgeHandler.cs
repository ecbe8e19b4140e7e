using ImageResize.Core.Messages;

namespace ImageResize.Core.Batches.Processing;

/// <summary>Deletes the rest of a batch if the request to delete it could not delete everything.</summary>
public sealed class PurgeHandler(BatchPurge purge, IMessageQueue queue) : IMessageHandler<PurgeMessage>
{
    /// <summary>How long one message deletes; the next one continues.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMinutes(5);

    public async Task HandleAsync(PurgeMessage message, long dequeueCount, CancellationToken cancellationToken)
    {
        if (!await purge.ContinueAsync(message.Batch, Timeout, cancellationToken))
        {
            await queue.SendAsync(message, TimeSpan.Zero, cancellationToken);
        }
    }

    /// <summary>Tries again later, because data that a caller has deleted must not stay.</summary>
    public Task GiveUpAsync(PurgeMessage message, string reason, CancellationToken cancellationToken) =>
        queue.SendAsync(message, RetryDelay, cancellationToken);
}
