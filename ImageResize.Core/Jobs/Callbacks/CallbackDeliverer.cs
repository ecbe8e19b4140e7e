using System.Diagnostics;
using ImageResize.Core.Identifiers;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Jobs.Callbacks;

/// <summary>
/// Tells a receiver that its batch has ended: one attempt a message, the next one by a message with a delay. At least once, but
/// never again after a delivery that we know of.
/// </summary>
public sealed partial class CallbackDeliverer(
    IJobStore jobs,
    IJobQueue queue,
    CallbackSender sender,
    TimeProvider clock,
    ILogger<CallbackDeliverer> logger)
{
    public async Task DeliverAsync(WorkMessage message, CancellationToken cancellationToken)
    {
        if (await FindDueAsync(message, cancellationToken) is not { } due
            || await jobs.FindBatchAsync(message.Batch, cancellationToken) is not { Callback: { } address } batch)
        {
            LogNothingToDo(message.Batch, message.Round + 1);
            return;
        }

        var answer = await sender.SendAsync(address, batch.Id.ToString(), CallbackBody.Of(batch, due), cancellationToken);

        // What has been tried is kept, also when the host is stopping.
        await RecordAsync(message, due, answer, CancellationToken.None);
    }

    /// <summary>Fails what is still pending when its message has failed too often.</summary>
    public async Task GiveUpAsync(WorkMessage message, CancellationToken cancellationToken)
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

    /// <summary>Null when it is decided, or this message's attempt has been made: then there is another message, or none is needed.</summary>
    private async Task<CallbackStatus?> FindDueAsync(WorkMessage message, CancellationToken cancellationToken) =>
        await jobs.FindCallbackAsync(message.Batch, cancellationToken) is { State: CallbackState.Pending } callback
        && callback.Attempts <= message.Round
            ? callback
            : null;

    private async Task RecordAsync(
        WorkMessage message,
        CallbackStatus due,
        CallbackAnswer answer,
        CancellationToken cancellationToken)
    {
        var attempts = message.Round + 1;
        var delay = answer.IsDelivered || answer.IsGone ? null : CallbackDelays.FindNext(attempts, answer.RetryAfter);
        var after = due with
        {
            State = answer.IsDelivered ? CallbackState.Delivered : delay is null ? CallbackState.Failed : CallbackState.Pending,
            Attempts = attempts,
            LastStatus = answer.Status,
            LastReason = answer.FailureReason,
            NextAttemptAt = clock.GetUtcNow() + delay,
        };

        // Before the row: a row without its message would wait for ever, a message put twice finds that its attempt has been made.
        if (delay is { } wait)
        {
            await queue.PutAsync(message with { Round = attempts, Trace = Activity.Current?.Id }, wait, cancellationToken);
        }

        await SaveAsync(message.Batch, due, after, cancellationToken);
        Log(message.Batch, after);
    }

    /// <summary>Two workers may have had the same message. What decides is written over another's "pending", and over nothing else.</summary>
    private async Task SaveAsync(BatchId batch, CallbackStatus before, CallbackStatus after, CancellationToken cancellationToken)
    {
        while (!await jobs.TrySaveCallbackAsync(batch, after with { Version = before.Version }, cancellationToken)
            && after.State != CallbackState.Pending
            && await jobs.FindCallbackAsync(batch, cancellationToken) is { State: CallbackState.Pending } newer)
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

    [LoggerMessage(LogLevel.Information, "Batch {BatchId}: its callback was delivered at attempt {Attempt}")]
    private partial void LogDelivered(BatchId batchId, int attempt);

    [LoggerMessage(LogLevel.Warning, "Batch {BatchId}: its callback was not delivered at attempt {Attempt}, the next is at {Next}. {Reason}")]
    private partial void LogNotDelivered(BatchId batchId, int attempt, string? reason, DateTimeOffset? next);

    [LoggerMessage(LogLevel.Warning, "Batch {BatchId}: its callback was given up after attempt {Attempt}. {Reason}")]
    private partial void LogFailed(BatchId batchId, int attempt, string? reason);

    [LoggerMessage(LogLevel.Error, "Batch {BatchId}: the message of its callback failed too often; the callback was given up")]
    private partial void LogGaveUp(BatchId batchId);

    [LoggerMessage(LogLevel.Debug, "Batch {BatchId}: attempt {Attempt} of its callback has been made, or is not wanted")]
    private partial void LogNothingToDo(BatchId batchId, int attempt);
}
