using System.Diagnostics;
using ImageResize.Core.Batches;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Messages;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Callbacks;

/// <summary>
/// Notifies a receiver that its batch has ended. Each message is one attempt; the next attempt is a message with a delay. The receiver is
/// called at least once, and not again once a delivery is recorded.
/// </summary>
public sealed partial class CallbackHandler(
    IJobStore jobs,
    ICallbackStore callbacks,
    IMessageQueue queue,
    CallbackClient client,
    TimeProvider clock,
    ILogger<CallbackHandler> logger) : IMessageHandler<CallbackMessage>
{
    /// <summary>The most attempts that continue after the processing of their message has ended.</summary>
    private const int MaxSlowAttempts = 64;

    /// <summary>How long the processing of a message waits for its attempt.</summary>
    internal static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    /// <summary>When a slow attempt is made again if it was not recorded. Longer than an attempt can take.</summary>
    internal static readonly TimeSpan RepeatDelay = TimeSpan.FromMinutes(1);

    private int _slowAttempts;

    public async Task HandleAsync(CallbackMessage message, long dequeueCount, CancellationToken cancellationToken)
    {
        if (await FindDueAsync(message, cancellationToken) is not { } due
            || await jobs.FindBatchAsync(message.Batch, cancellationToken) is not { Callback: { } address } batch)
        {
            LogNothingToDo(message.Batch, message.PreviousAttempts + 1);
            return;
        }

        var attempt = AttemptAsync(message, due, batch, address, cancellationToken);
        try
        {
            await attempt.WaitAsync(MaxWait, clock, cancellationToken);
        }
        catch (TimeoutException) when (!attempt.IsCompleted)
        {
            await ContinueSlowAsync(message, attempt, cancellationToken);
        }
    }

    /// <summary>Fails a callback that is still pending.</summary>
    public async Task GiveUpAsync(CallbackMessage message, string reason, CancellationToken cancellationToken)
    {
        if (await FindDueAsync(message, cancellationToken) is not { } due)
        {
            return;
        }

        var after = due with
        {
            State = CallbackState.Failed,
            LastReason = "The callback failed too often on our side and was given up.",
            NextAttemptAt = null,
        };
        await SaveAsync(message.Batch, due, after, cancellationToken);
        LogGaveUp(message.Batch);
    }

    private async Task AttemptAsync(
        CallbackMessage message, CallbackStatus due, Batch batch, string address, CancellationToken cancellationToken)
    {
        var response = await client.SendAsync(address, batch.Id.ToString(), CallbackBody.Of(batch, due), cancellationToken);

        // An attempt that was made is recorded even if the host is stopping.
        await RecordAsync(message, due, response, CancellationToken.None);
    }

    /// <summary>
    /// Ends the processing of a message whose attempt is slow, so that the worker can process other messages. If the process ends before
    /// the attempt is recorded, a copy of the message makes it again.
    /// </summary>
    private async Task ContinueSlowAsync(CallbackMessage message, Task attempt, CancellationToken cancellationToken)
    {
        var isLast = Interlocked.Increment(ref _slowAttempts) > MaxSlowAttempts;
        var end = EndSlowAsync(message, attempt);
        if (isLast)
        {
            await end;
            await attempt;
            return;
        }

        await queue.SendAsync(message, RepeatDelay, cancellationToken);
    }

    private async Task EndSlowAsync(CallbackMessage message, Task attempt)
    {
        await attempt.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Interlocked.Decrement(ref _slowAttempts);
        if (attempt.Exception?.InnerException is { } fault)
        {
            LogNotRecorded(message.Batch, message.PreviousAttempts + 1, fault.Message);
        }
    }

    /// <returns>Null if the callback is delivered or failed, or if this message's attempt was made before.</returns>
    private async Task<CallbackStatus?> FindDueAsync(CallbackMessage message, CancellationToken cancellationToken) =>
        message.PreviousAttempts < CallbackSchedule.MaxAttempts
        && await callbacks.FindAsync(message.Batch, cancellationToken) is { State: CallbackState.Pending } callback
        && callback.Attempts <= message.PreviousAttempts
            ? callback
            : null;

    private async Task RecordAsync(
        CallbackMessage message,
        CallbackStatus due,
        CallbackResponse response,
        CancellationToken cancellationToken)
    {
        var attempts = message.PreviousAttempts + 1;
        var delay = response.IsDelivered || response.IsGone ? null : CallbackSchedule.FindNext(attempts, response.RetryAfter);
        var after = due with
        {
            State = response.IsDelivered ? CallbackState.Delivered : delay is null ? CallbackState.Failed : CallbackState.Pending,
            Attempts = attempts,
            LastStatus = response.Status,
            LastReason = response.FailureReason,
            NextAttemptAt = clock.GetUtcNow() + delay,
        };

        // Before the row is saved: a row without its message would stay pending forever, while a second message finds its attempt made.
        if (delay is { } wait)
        {
            var next = message with { PreviousAttempts = attempts, Trace = Activity.Current?.Id };
            await queue.SendAsync(next, wait, cancellationToken);
        }

        await SaveAsync(message.Batch, due, after, cancellationToken);
        Log(message.Batch, after);
    }

    /// <summary>Two workers may have the same message. A final state replaces another worker's pending state, and nothing else.</summary>
    private async Task SaveAsync(BatchId batch, CallbackStatus before, CallbackStatus after, CancellationToken cancellationToken)
    {
        while (!await callbacks.TryReplaceAsync(batch, after with { Version = before.Version }, cancellationToken)
            && after.State != CallbackState.Pending
            && await callbacks.FindAsync(batch, cancellationToken) is { State: CallbackState.Pending } newer)
        {
            before = newer;
        }
    }

    private void Log(BatchId batch, CallbackStatus after)
    {
        switch (after.State)
        {
            case CallbackState.Delivered:
                LogDelivered(batch, after.Attempts);
                break;
            case CallbackState.Pending:
                LogNotDelivered(batch, after.Attempts, after.LastReason, after.NextAttemptAt);
                break;
            default:
                LogFailed(batch, after.Attempts, after.LastReason);
                break;
        }
    }

    [LoggerMessage(
        5001,
        LogLevel.Information,
        "Batch {BatchId}: the callback was delivered at attempt {Attempt}",
        EventName = "CallbackHandlerDelivered")]
    private partial void LogDelivered(BatchId batchId, int attempt);

    [LoggerMessage(
        5002,
        LogLevel.Warning,
        "Batch {BatchId}: the callback failed at attempt {Attempt}; the next attempt is at {Next}. {Reason}",
        EventName = "CallbackHandlerNotDelivered")]
    private partial void LogNotDelivered(BatchId batchId, int attempt, string? reason, DateTimeOffset? next);

    [LoggerMessage(
        5003,
        LogLevel.Warning,
        "Batch {BatchId}: the callback was given up after attempt {Attempt}. {Reason}",
        EventName = "CallbackHandlerFailed")]
    private partial void LogFailed(BatchId batchId, int attempt, string? reason);

    [LoggerMessage(
        5004,
        LogLevel.Error,
        "Batch {BatchId}: the callback was given up because its message failed too often",
        EventName = "CallbackHandlerGaveUp")]
    private partial void LogGaveUp(BatchId batchId);

    [LoggerMessage(
        5005,
        LogLevel.Warning,
        "Batch {BatchId}: attempt {Attempt} of the callback was not recorded and is made again. {Reason}",
        EventName = "CallbackHandlerNotRecorded")]
    private partial void LogNotRecorded(BatchId batchId, int attempt, string reason);

    [LoggerMessage(
        5006,
        LogLevel.Debug,
        "Batch {BatchId}: attempt {Attempt} of the callback was made before, or is not needed",
        EventName = "CallbackHandlerNothingToDo")]
    private partial void LogNothingToDo(BatchId batchId, int attempt);
}
