using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Quotas;

/// <summary>The quotas of each caller. Bound from <c>ImageResize:Limits</c>.</summary>
public sealed class QuotaOptions
{
    /// <summary>The processor time, in seconds, that a caller's unfinished jobs and batches may take together, as estimated.</summary>
    [Range(1, 1_000_000_000)]
    public int OpenSeconds { get; init; } = 100_000;

    /// <summary>The bytes of uploads and thumbnails that are stored for a caller in a UTC day.</summary>
    [Range(1, long.MaxValue)]
    public long BytesPerDay { get; init; } = 200_000_000_000;
}
