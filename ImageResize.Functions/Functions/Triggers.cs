namespace ImageResize.Functions.Functions;

/// <summary>
/// Names and schedules of the triggers. The standalone host uses the same queues and schedule. Classes of functions must be public: the
/// executor that the worker's SDK generates calls other functions by an expression that it compiles at each call (1 ms of CPU).
/// </summary>
internal static class Triggers
{
    /// <summary>The app setting from which the Functions host's queue triggers take the storage account.</summary>
    public const string Connection = "AzureWebJobsStorage";

    /// <summary>
    /// The default of <c>ImageResize:Storage:WorkQueue</c>. The Functions host reads the name from the attribute, so it can't vary.
    /// </summary>
    public const string WorkQueue = "imageresize-work";

    public const string BulkQueue = WorkQueue + "-bulk";

    public const string EventQueue = WorkQueue + "-events";

    public const string WorkPoisonQueue = WorkQueue + "-poison";

    public const string BulkPoisonQueue = BulkQueue + "-poison";

    /// <summary>Every hour, as NCRONTAB. Not on the hour, when many other timers fire.</summary>
    public const string HourlySchedule = "0 17 * * * *";

    /// <summary>Every five seconds. The function does nothing for watches whose interval has not passed.</summary>
    public const string WatchSchedule = "*/5 * * * * *";

    public static readonly TimeSpan HourlyPeriod = TimeSpan.FromHours(1);
}
