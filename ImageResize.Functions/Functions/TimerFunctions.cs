using Microsoft.Azure.Functions.Worker;

namespace ImageResize.Functions.Functions;

/// <summary>Timer triggers.</summary>
public sealed class TimerFunctions(HourlyCleanup cleanup)
{
    [Function("DropExpired")]
    public Task DropExpiredAsync([TimerTrigger(Triggers.HourlySchedule)] TimerInfo timer, CancellationToken cancellationToken)
    {
        _ = timer; // The trigger needs the parameter.

        return cleanup.RunAsync(cancellationToken);
    }
}
