namespace ImageResize.Functions.Functions;

/// <summary>The names of the queue and timer triggers' sources, which the standalone host uses too.</summary>
internal static class TriggerSources
{
    /// <summary>The app setting that the host's triggers take the storage account from.</summary>
    public const string Connection = "AzureWebJobsStorage";

    /// <summary>The default of <c>ImageResize:Storage:WorkQueue</c>; under the Functions host the only value.</summary>
    public const string WorkQueue = "imageresize-work";

    public const string BulkQueue = WorkQueue + "-bulk";

    public const string WorkPoisonQueue = WorkQueue + "-poison";

    public const string BulkPoisonQueue = BulkQueue + "-poison";

    /// <summary>Once an hour, at a minute when few other timers fire.</summary>
    public const string HourlySchedule = "0 17 * * * *";
}
