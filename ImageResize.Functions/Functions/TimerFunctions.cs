using ImageResize.Core.Watches;
using Microsoft.Azure.Functions.Worker;

namespace ImageResize.Functions.Functions;

/// <summary>Timer triggers.</summary>
public sealed class TimerFunctions(HourlyCleanup cleanup, WatchTimer watches)
{
    [Function("DropExpired")]
    public Task DropExpiredAsync([TimerTrigger(Triggers.HourlySchedule)] TimerInfo timer, CancellationToken cancellationToken)
    {
        _ = timer; // The trigger needs the parameter.

        return cleanup.RunAsync(cancellationToken);
    }

    /// <remarks>A deployment with events turns it off: a timer keeps an instance running.</remarks>
    [Function("ListWatches")]
    public Task ListWatchesAsync([TimerTrigger(Triggers.WatchSchedule)] TimerInfo timer, CancellationToken cancellationToken)
    {
        _ = timer;

        return watches.RunAsync(cancellationToken);
    }
}
