using System.Diagnostics;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources.Thumbnails;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Messages;

/// <summary>Processes the messages of the work queues. Both hosts call it for each message.</summary>
public sealed partial class MessageDispatcher(
    MessageHandlers handlers, MessageRetryPolicy retries, TimeProvider clock, ILogger<MessageDispatcher> logger)
{
    private static readonly Func<ILogger, BatchId, IDisposable?> BatchScope = LoggerMessage.DefineScope<BatchId>("Batch {BatchId}");

    /// <inheritdoc cref="ProcessAsync(string, long, DateTimeOffset?, CancellationToken)"/>
    public Task ProcessAsync(string text, long dequeueCount, CancellationToken cancellationToken) =>
        ProcessAsync(text, dequeueCount, queuedAt: null, cancellationToken);

    /// <summary>Returns when the message can be deleted. Throws when it must be delivered again.</summary>
    /// <param name="text">The text of the message in the queue.</param>
    /// <param name="queuedAt">When it was put into the queue; null if unknown.</param>
    /// <param name="dequeueCount">How often the message has been delivered, this time included.</param>
    public async Task ProcessAsync(string text, long dequeueCount, DateTimeOffset? queuedAt, CancellationToken cancellationToken)
    {
        if (MessageText.Find(text) is not { } message)
        {
            LogUnknown(text.Length);
            return;
        }

        if (message is SliceMessage && dequeueCount == 1 && queuedAt is { } queued)
        {
            WorkMetrics.RecordQueueWait(message.Priority == MessagePriority.Bulk ? "bulk" : "interactive", clock.GetUtcNow() - queued);
        }

        using var scope = BatchScope(logger, message.Batch);
        using var span = WorkSpans.StartProcess(message, dequeueCount);
        try
        {
            await handlers.HandleAsync(message, dequeueCount, cancellationToken);
        }
        catch (Exception fault) when (fault is ThumbnailStoreException || !cancellationToken.IsCancellationRequested)
        {
            span?.SetStatus(ActivityStatusCode.Error, fault.GetType().Name);
            var decision = await retries.DecideAsync(message, dequeueCount, fault);
            if (decision == RetryDecision.Redeliver)
            {
                throw;
            }

            if (decision == RetryDecision.GiveUp)
            {
                await handlers.GiveUpAsync(message, fault.Message, cancellationToken);
            }
        }
    }

    [LoggerMessage(
        4001,
        LogLevel.Warning,
        "Dropped a message of {Characters} characters: it was not sent by this program",
        EventName = "MessageDispatcherUnknown")]
    private partial void LogUnknown(int characters);
}
