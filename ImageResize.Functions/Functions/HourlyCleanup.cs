using ImageResize.Core.Idempotency;
using ImageResize.Core.Jobs;
using ImageResize.Core.Storage;

namespace ImageResize.Functions.Queue;

/// <summary>What is done every hour, at the tick of the Functions host's timer or of our own: what is no longer kept goes.</summary>
internal sealed class HourlyWork(Retention retention, FirstAnswers answers, UnfinishedSweep sweep)
{
    public async Task DoAsync(CancellationToken cancellationToken)
    {
        sweep.Sweep();
        await retention.DropExpiredAsync(cancellationToken);
        await answers.RemoveOutdatedAsync(cancellationToken);
    }
}
