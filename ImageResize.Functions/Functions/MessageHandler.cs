using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Storage;
using ImageResize.Core.Storage.Outages;

namespace ImageResize.Functions.Queue;

/// <summary>
/// What both hosts call for each message. A message has five tries, used up in minutes. So while a part of storage is away, its message is
/// put again, to come back later with all of them: nobody's job fails for an outage that ends within a day.
/// </summary>
internal sealed partial class PatientProcessor(WorkProcessor work, IJobQueue queue, StorageOutage outage, ILogger<PatientProcessor> logger)
{
    /// <summary>A day of minutes.</summary>
    private const int MostWaits = 1_440;

    /// <summary>A full disk is waited for as long as other faults are, and then is what callers read.</summary>
    private const int MostWaitsForRoom = 4;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(60);

    public async Task ProcessAsync(ReadOnlyMemory<byte> body, long delivery, CancellationToken cancellationToken)
    {
        try
        {
            await work.ProcessAsync(body, delivery, cancellationToken);
        }
        catch (Exception fault) when (StorageFault.IsPassing(fault) && !cancellationToken.IsCancellationRequested)
        {
            if (!await TryWaitAsync(body, delivery, MostWaits))
            {
                throw;
            }
        }
        catch (OutputFaultException fault) when (WorkMessage.Find(body.Span) is { } message)
        {
            LogNoRoom(message.Batch, fault.Message);
            if (message.Waits < MostWaitsForRoom)
            {
                await PutAgainAsync(message, delivery);
            }
            else
            {
                await work.GiveUpAsync(body, fault.Message, cancellationToken);
            }
        }
    }

    /// <summary>That a message is to be given up cannot be written while the table is away: then it has its tries once more.</summary>
    public async Task GiveUpAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        try
        {
            await work.GiveUpAsync(body, cancellationToken);
        }
        catch (Exception fault) when (StorageFault.IsPassing(fault) && !cancellationToken.IsCancellationRequested)
        {
            if (!await TryWaitAsync(body, delivery: 1, most: int.MaxValue))
            {
                throw;
            }
        }
    }

    /// <returns>Whether the message waits for storage; else it has waited long enough, or is none of ours.</returns>
    private async Task<bool> TryWaitAsync(ReadOnlyMemory<byte> body, long delivery, int most)
    {
        outage.Begin();
        WorkMeter.CountStorageFault();
        if (WorkMessage.Find(body.Span) is not { } message || message.Waits >= most)
        {
            return false;
        }

        await PutAgainAsync(message, delivery);

        return true;
    }

    /// <summary>When the queue is away as well, this throws, and the message comes back by itself once its lease is over.</summary>
    private async Task PutAgainAsync(WorkMessage message, long delivery)
    {
        // A slice that a worker may have died of is still to be handled with care.
        var isSuspect = message.Kind == WorkKind.Slice && delivery > 1;
        var again = message with { Waits = message.Waits + 1, GoesOn = true, Round = isSuspect ? Math.Max(message.Round, 1) : message.Round };
        await queue.PutAsync(again, message.Waits == 0 ? FirstWait : Wait, CancellationToken.None);
        LogPutAgain(message.Kind, message.Batch, again.Waits);
    }

    [LoggerMessage(LogLevel.Warning, "The {Kind} message of batch {BatchId} was put again, to wait for storage: {Waits} times now")]
    private partial void LogPutAgain(WorkKind kind, BatchId batchId, int waits);

    [LoggerMessage(LogLevel.Error, "Batch {BatchId}: {Reason}")]
    private partial void LogNoRoom(BatchId batchId, string reason);
}
