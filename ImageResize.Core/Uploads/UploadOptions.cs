using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Uploads;

/// <summary>Limits of one upload request. Bound from <c>ImageResize:Uploads</c>.</summary>
public sealed class UploadOptions
{
    /// <summary>The largest request that the Functions host accepts. Larger images are sent to storage directly.</summary>
    public const int MaxRequestBytes = 104_857_600;

    /// <summary>Larger images are refused.</summary>
    [Range(1, 1_000_000_000)]
    public int MaxBytes { get; init; } = 50_000_000;

    /// <summary>The maximum number of parts of a multipart upload.</summary>
    [Range(1, 1_000)]
    public int MaxParts { get; init; } = 20;
}
