using ImageResize.Functions.Queue;
using Microsoft.Azure.Functions.Worker;

namespace ImageResize.Functions.Functions;

/// <summary>Timer triggers.</summary>
internal sealed class TimerFunctions(HourlyWork work)
{
    [Function("DropExpired")]
    public Task DropExpiredAsync([TimerTrigger(TriggerSources.HourlySchedule)] TimerInfo timer, CancellationToken cancellationToken)
    {
        // The trigger needs the parameter; when it last ran does not matter.
        _ = timer;

        return work.DoAsync(cancellationToken);
    }
}
