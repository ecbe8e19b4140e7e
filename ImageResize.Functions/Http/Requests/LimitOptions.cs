using System.ComponentModel.DataAnnotations;

namespace ImageResize.Functions.Access;

/// <summary>How much one caller, and all of them, may ask for, standalone. Bound from <c>ImageResize:Limits</c>.</summary>
public sealed class LimitOptions
{
    /// <summary>Of one key, on average. What comes a little too fast waits up to a second.</summary>
    [Range(1, 10_000_000)]
    public int RequestsPerMinute { get; init; } = 3_000;

    /// <summary>Of one key, at once.</summary>
    [Range(1, 1_000_000)]
    public int Burst { get; init; } = 300;

    /// <summary>Of one key: images and manifests that it sends.</summary>
    [Range(1, 1_000_000)]
    public int UploadsPerMinute { get; init; } = 600;

    /// <summary>Of one caller, on their way at the same time; some more wait.</summary>
    [Range(1, 10_000)]
    public int ConcurrentUploads { get; init; } = 8;

    /// <summary>Of one caller: requests that last, as events, archives and those with <c>wait</c>.</summary>
    [Range(1, 100_000)]
    public int ConcurrentWaits { get; init; } = 200;

    [Range(1, 1_000_000)]
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>For a request's first line and headers.</summary>
    [Range(1, 600)]
    public int HeadersSeconds { get; init; } = 15;

    /// <summary>How long a connection may do nothing. A proxy that keeps connections open should close them sooner than this.</summary>
    [Range(1, 3_600)]
    public int KeepAliveSeconds { get; init; } = 20;

    /// <summary>How long a caller may take none of a large answer.</summary>
    [Range(1, 3_600)]
    public int AnswerSeconds { get; init; } = 30;
}
