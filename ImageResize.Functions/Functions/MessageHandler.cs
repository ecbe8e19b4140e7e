using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Storage;
using ImageResize.Core.Storage.Outages;

namespace ImageResize.Functions.Functions;

/// <summary>
/// Handles queue messages for both hosts. A message has five deliveries, which are used up within minutes. So while storage is unavailable,
/// the message is queued again with a delay and a new count: no job fails because of an outage that ends within a day.
/// </summary>
internal sealed partial class MessageHandler(WorkProcessor work, IJobQueue queue, StorageOutage outage, ILogger<MessageHandler> logger)
{
    /// <summary>One day, at one deferral per minute.</summary>
    private const int MaxDeferrals = 1_440;

    /// <summary>A full disk is retried as often as other faults. After that, it's the reason that callers read.</summary>
    private const int MaxDeferralsForFullDisk = 4;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(60);

    /// <param name="text">The message as it is on the queue: base64.</param>
    /// <param name="dequeueCount">How often the message was received, including this time.</param>
    /// <param name="cancellationToken">Canceled when the host stops or the function times out.</param>
    public async Task ProcessAsync(string text, long dequeueCount, CancellationToken cancellationToken)
    {
        if (Decode(text) is not { } body)
        {
            return;
        }

        try
        {
            await work.ProcessAsync(body, dequeueCount, cancellationToken);
        }
        catch (Exception fault) when (StorageFault.IsPassing(fault) && !cancellationToken.IsCancellationRequested)
        {
            if (!await TryDeferAsync(body, dequeueCount, MaxDeferrals))
            {
                throw;
            }
        }
        catch (OutputFaultException fault) when (WorkMessage.Find(body) is { } message)
        {
            LogOutputFault(message.Batch, fault.Message);
            if (message.Waits < MaxDeferralsForFullDisk)
            {
                await DeferAsync(message, dequeueCount);
            }
            else
            {
                await work.GiveUpAsync(body, fault.Message, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Fails the jobs of a message from a poison queue. If storage is unavailable, the message is processed again instead.
    /// </summary>
    public async Task FailAsync(string text, CancellationToken cancellationToken)
    {
        if (Decode(text) is not { } body)
        {
            return;
        }

        try
        {
            await work.GiveUpAsync(body, cancellationToken);
        }
        catch (Exception fault) when (StorageFault.IsPassing(fault) && !cancellationToken.IsCancellationRequested)
        {
            if (!await TryDeferAsync(body, dequeueCount: 1, maxDeferrals: int.MaxValue))
            {
                throw;
            }
        }
    }

    /// <summary>
    /// host.json leaves the encoding to us (<c>messageEncoding</c> is none). If the host decoded messages, it would move one that is not
    /// base64 to the poison queue and leave it there, hidden, because it can't pass it to the poison function either.
    /// </summary>
    private byte[]? Decode(string text)
    {
        var bytes = new byte[text.Length];
        if (Convert.TryFromBase64String(text, bytes, out var length))
        {
            return bytes[..length];
        }

        LogNotBase64();

        return null;
    }

    /// <returns>False if the message was deferred too often, or is not one of this application.</returns>
    private async Task<bool> TryDeferAsync(byte[] body, long dequeueCount, int maxDeferrals)
    {
        outage.Begin();
        WorkMeter.CountStorageFault();
        if (WorkMessage.Find(body) is not { } message || message.Waits >= maxDeferrals)
        {
            return false;
        }

        await DeferAsync(message, dequeueCount);

        return true;
    }

    /// <summary>
    /// Throws if the queue is unavailable as well. The message then becomes visible again when its visibility timeout ends.
    /// </summary>
    private async Task DeferAsync(WorkMessage message, long dequeueCount)
    {
        // A redelivered slice may have crashed a worker, so the new message keeps that it was redelivered.
        var isSuspect = message.Kind == WorkKind.Slice && dequeueCount > 1;
        var round = isSuspect ? Math.Max(message.Round, 1) : message.Round;
        var deferred = message with { Waits = message.Waits + 1, GoesOn = true, Round = round };
        await queue.PutAsync(deferred, message.Waits == 0 ? FirstDelay : Delay, CancellationToken.None);
        LogDeferred(message.Kind, message.Batch, deferred.Waits);
    }

    [LoggerMessage(LogLevel.Warning, "Deferred the {Kind} message of batch {BatchId} because storage is unavailable (deferrals: {Count})")]
    private partial void LogDeferred(WorkKind kind, BatchId batchId, int count);

    [LoggerMessage(LogLevel.Error, "Batch {BatchId}: {Reason}")]
    private partial void LogOutputFault(BatchId batchId, string reason);

    [LoggerMessage(LogLevel.Warning, "Dropped a queue message: not valid base64")]
    private partial void LogNotBase64();
}
