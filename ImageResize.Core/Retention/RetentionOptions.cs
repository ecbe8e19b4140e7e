using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Retention;

/// <summary>How long results are kept. Bound from <c>ImageResize:Jobs</c>.</summary>
public sealed class RetentionOptions
{
    /// <summary>How long results and uploads are kept, in whole UTC days after the day of submission.</summary>
    [Range(1, 365)]
    public int RetentionDays { get; init; } = 7;
}
