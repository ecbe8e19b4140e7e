using ImageResize.Core.Imaging;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageResize.Functions.Http.Operations;

/// <param name="Parts">The state of each dependency. Only for the operator.</param>
/// <param name="Engine">How images are processed. Only for the operator.</param>
internal sealed record HealthReply(
    string Status, IReadOnlyDictionary<string, PartReply>? Parts = null, EngineReply? Engine = null);

/// <param name="State"><c>works</c>, <c>degraded</c> or <c>failed</c>.</param>
/// <param name="Reason">Why it does not work.</param>
/// <param name="LatencyMs">How long the check took.</param>
/// <param name="AgeSeconds">The time since the check began.</param>
internal sealed record PartReply(string State, string? Reason, double LatencyMs, double AgeSeconds)
{
    public static PartReply Of(HealthReportEntry part, TimeSpan age) => new(
        part.Status switch
        {
            HealthStatus.Healthy => "works",
            HealthStatus.Degraded => "degraded",
            _ => "failed",
        },
        part.Status == HealthStatus.Healthy ? null : part.Description ?? "failed",
        Math.Round(part.Duration.TotalMilliseconds, 1),
        Math.Round(age.TotalSeconds, 1));
}

/// <param name="Isolation">
/// The images that are decoded in child processes: <c>all</c> that libvips reads, or <c>suspects</c>, if it may read in the program.
/// </param>
/// <param name="Sandbox">
/// <c>process</c>: child processes have no settings and no keys, and limits of memory and time. <c>kernel</c>: they also can't open files
/// other than those of the program, connect, start programs, or reach other processes.
/// </param>
internal sealed record EngineReply(
    int Threads,
    int ImagesInWork,
    int ChildProcesses,
    string Isolation,
    string Sandbox,
    long ChildMemoryBytes,
    int DeadlineSeconds,
    string Libvips)
{
    public static EngineReply Of(ImagingState engine) => new(
        engine.Threads,
        engine.ImagesInWork,
        engine.ChildProcesses,
        engine.IsolatesAll ? "all" : "suspects",
        engine.Posture == DecoderIsolation.Sandbox ? "kernel" : "process",
        engine.ChildMemory,
        engine.DeadlineSeconds,
        engine.LibvipsVersion);
}
