using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Messages;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Batches.Processing;

/// <summary>Deletes the rest of a batch if the request to delete it could not delete everything.</summary>
public sealed partial class PurgeHandler(IJobStore jobs, BatchPurge purge, IMessageQueue queue, ILogger<PurgeHandler> logger)
    : IMessageHandler<PurgeMessage>
{
    /// <summary>How often the message waits for the batch to be marked: a minute of <see cref="BatchSubmitter.FirstWatchDelay"/>.</summary>
    private const int MaxDefers = 12;

    /// <summary>How long one message deletes; the next one continues.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMinutes(5);

    public async Task HandleAsync(PurgeMessage message, long dequeueCount, CancellationToken cancellationToken)
    {
        switch (await jobs.FindBatchAsync(message.Batch, cancellationToken))
        {
            case { IsPurged: true }:
                if (!await purge.ContinueAsync(message.Batch, Timeout, cancellationToken))
                {
                    await queue.SendAsync(message, TimeSpan.Zero, cancellationToken);
                }

                break;
            case not null when message.DeferCount < MaxDefers:
                // The message is sent before its batch is marked.
                await queue.SendAsync(
                    message with { DeferCount = message.DeferCount + 1 }, BatchSubmitter.FirstWatchDelay, cancellationToken);
                break;
            default:
                LogUnknown(message.Batch);
                break;
        }
    }

    /// <summary>Tries again later, because data that a caller has deleted must not stay.</summary>
    public async Task GiveUpAsync(PurgeMessage message, string reason, CancellationToken cancellationToken)
    {
        if (await jobs.FindBatchAsync(message.Batch, cancellationToken) is { IsPurged: true })
        {
            await queue.SendAsync(message, RetryDelay, cancellationToken);
        }
    }

    [LoggerMessage(
        3015,
        LogLevel.Warning,
        "Batch {BatchId} does not exist, has expired or is not deleted; a message to delete the rest of it was dropped",
        EventName = "PurgeHandlerUnknown")]
    private partial void LogUnknown(BatchId batchId);
}
