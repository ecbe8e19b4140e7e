using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources.Thumbnails;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Messages;

/// <summary>The next step for a message whose handler has failed.</summary>
public enum RetryDecision
{
    /// <summary>The fault goes to the host, which delivers the message again, up to its maximum dequeue count.</summary>
    Redeliver,

    /// <summary>A copy with a delay has been sent; the message can be deleted.</summary>
    Deferred,

    /// <summary>The fault has lasted too long; its text is the reason.</summary>
    GiveUp,
}

/// <summary>
/// Decides what happens to a message that has failed. The host's few deliveries are used up within minutes. A message that fails because
/// storage is unavailable is therefore replaced by a delayed copy, which gets all its deliveries again: no job fails because of an outage
/// of less than a day.
/// </summary>
public sealed partial class MessageRetryPolicy(IMessageQueue queue, IOutageMonitor outage, ILogger<MessageRetryPolicy> logger)
{
    /// <summary>A day, at one a minute.</summary>
    private const int MaxOutageDefers = 1_440;

    /// <summary>About as long as other faults are retried. After that, callers get the fault as the reason.</summary>
    private const int MaxOutputDefers = 4;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan NextDelay = TimeSpan.FromSeconds(60);

    /// <param name="dequeueCount">How often the message has been delivered, this time included.</param>
    public async Task<RetryDecision> DecideAsync(WorkMessage message, long dequeueCount, Exception fault)
    {
        if (fault is ThumbnailStoreException)
        {
            LogOutputFault(message.Batch, fault.Message);

            return await TryDeferAsync(message, dequeueCount, MaxOutputDefers) ? RetryDecision.Deferred : RetryDecision.GiveUp;
        }

        return await TryDeferOutageAsync(message, dequeueCount, fault, MaxOutageDefers) ? RetryDecision.Deferred : RetryDecision.Redeliver;
    }

    /// <summary>
    /// Defers a poison message that could not be given up. There is no limit, because the work must be given up eventually.
    /// </summary>
    /// <returns>Whether the message was deferred; false if the fault is not an outage.</returns>
    public Task<bool> TryDeferPoisonAsync(WorkMessage message, Exception fault) =>
        TryDeferOutageAsync(message, dequeueCount: 1, fault, maxDefers: int.MaxValue);

    private async Task<bool> TryDeferOutageAsync(WorkMessage message, long dequeueCount, Exception fault, int maxDefers)
    {
        if (!outage.IsOutage(fault))
        {
            return false;
        }

        outage.Report();
        WorkMetrics.CountStorageFault();

        return await TryDeferAsync(message, dequeueCount, maxDefers);
    }

    /// <summary>If the queue is unavailable too, this throws, and the message becomes visible again when its lease ends.</summary>
    private async Task<bool> TryDeferAsync(WorkMessage message, long dequeueCount, int maxDefers)
    {
        if (message.DeferCount >= maxDefers)
        {
            return false;
        }

        var deferred = Continue(message, dequeueCount) with { DeferCount = message.DeferCount + 1 };
        await queue.SendAsync(deferred, message.DeferCount == 0 ? FirstDelay : NextDelay, CancellationToken.None);
        LogDeferred(message.GetType().Name, message.Batch, deferred.DeferCount);

        return true;
    }

    /// <summary>A copy starts with a dequeue count of 1, so a slice whose images may have crashed a worker must say so itself.</summary>
    private static WorkMessage Continue(WorkMessage message, long dequeueCount) => message is SliceMessage slice
        ? slice with { IsContinuation = true, IsSuspect = slice.IsSuspect || dequeueCount > 1 }
        : message;

    [LoggerMessage(
        4002,
        LogLevel.Warning,
        "Batch {BatchId}: deferred a {Message} until storage responds ({DeferCount} times so far)",
        EventName = "MessageRetryPolicyDeferred")]
    private partial void LogDeferred(string message, BatchId batchId, int deferCount);

    [LoggerMessage(4003, LogLevel.Error, "Batch {BatchId}: {Reason}", EventName = "MessageRetryPolicyOutputFault")]
    private partial void LogOutputFault(BatchId batchId, string reason);
}
