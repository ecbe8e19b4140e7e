using System.ComponentModel.DataAnnotations;

namespace ImageResize.Functions.Telemetry;

/// <summary>Bound from <c>ImageResize:Logging</c>.</summary>
internal sealed class LogOptions
{
    /// <summary>The folder of the daily files; empty writes none.</summary>
    public string Folder { get; init; } = "";

    /// <summary>The days for which files are kept.</summary>
    [Range(1, 3_650)]
    public int MaxDays { get; init; } = 31;

    /// <summary>The size in MB at which a day gets another file.</summary>
    [Range(1, 100_000)]
    public int MaxMegabytes { get; init; } = 100;
}
