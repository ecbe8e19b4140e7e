using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Uploads;

/// <summary>What one upload may bring. Bound from <c>ImageResize:Uploads</c>.</summary>
public sealed class UploadOptions
{
    /// <summary>What the Functions host lets through in one request.</summary>
    public const int MaxRequestBytes = 104_857_600;

    /// <summary>Larger images are refused.</summary>
    [Range(1, MaxRequestBytes)]
    public int MaxBytes { get; init; } = 50_000_000;

    /// <summary>Parts of one multipart upload.</summary>
    [Range(1, 1_000)]
    public int MaxParts { get; init; } = 20;
}
