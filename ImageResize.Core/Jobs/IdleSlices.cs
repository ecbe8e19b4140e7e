using ImageResize.Core.Identifiers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Jobs;

/// <summary>
/// Puts slices again whose message may be lost: each when it has not moved for a lease, and each time twice as late as the last, so that a
/// slice that merely waits behind others is not multiplied. Done twice, or by several at once, it is harmless.
/// </summary>
public sealed partial class IdleSlices(
    IJobStore jobs,
    IJobQueue queue,
    IOptions<JobsOptions> options,
    TimeProvider clock,
    ILogger<IdleSlices> logger)
{
    private const int MostDoublings = 10;

    /// <summary>How long nothing of a batch must have moved before anything of it is put again.</summary>
    public TimeSpan Lease => options.Value.Lease;

    public async Task RequeueAsync(Batch batch, IReadOnlyList<SliceProgress> open, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var idle = open.Where(slice => now - slice.TouchedAt >= Lease * Math.Pow(2, Math.Min(slice.Requeues, MostDoublings))).ToList();
        if (idle.Count == 0)
        {
            return;
        }

        await jobs.MarkRequeuedAsync(batch.Id, idle, cancellationToken);
        foreach (var slice in idle)
        {
            var message = new WorkMessage(WorkKind.Slice, batch.Id, slice.Number, Round: slice.Requeues + 1, Lane: batch.Lane);
            await queue.PutAsync(message, TimeSpan.Zero, cancellationToken);
        }

        LogRequeued(batch.Id, idle.Count);
    }

    /// <summary>For a batch of one, which no watch looks after: whoever asks for its job does.</summary>
    public async Task RequeueSingleAsync(Batch batch, CancellationToken cancellationToken)
    {
        if (!batch.IsWatched && clock.GetUtcNow() - batch.Id.SubmittedAt >= Lease)
        {
            await RequeueAsync(batch, await jobs.ListSlicesAsync(batch.Id, cancellationToken).ToListAsync(cancellationToken), cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Batch {BatchId}: {Slices} idle slices were put on the queue again")]
    private partial void LogRequeued(BatchId batchId, int slices);
}
