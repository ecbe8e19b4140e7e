using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Jobs.Direct;

/// <summary>Limits of requests whose answer is the image or its size. Bound from <c>ImageResize:Direct</c>.</summary>
public sealed class DirectOptions
{
    /// <summary>The most requests of all callers that are being processed or wait. Further requests are refused at once.</summary>
    [Range(1, 10_000)]
    public int MaxRequests { get; init; } = 64;

    /// <summary>The most of these requests that one caller can have.</summary>
    [Range(1, 10_000)]
    public int MaxRequestsPerCaller { get; init; } = 16;

    /// <summary>How long a request may wait and be processed after its body has arrived.</summary>
    [Range(1, 230)]
    public int TimeoutSeconds { get; init; } = 30;
}
