namespace ImageResize.Client;

/// <summary>The state of the service.</summary>
/// <param name="Status"><c>live</c>, <c>ready</c> or <c>not ready</c>.</param>
public sealed record ServiceHealth(string Status)
{
    /// <summary>The state of each dependency. Only with the admin key.</summary>
    public IReadOnlyDictionary<string, ServicePart>? Parts { get; init; }

    /// <summary>Whether the service can do work.</summary>
    public bool IsReady => Status == "ready";
}

/// <summary>The state of a dependency of the service.</summary>
/// <param name="State"><c>works</c>, <c>degraded</c> or <c>failed</c>.</param>
/// <param name="LatencyMs">How long the check took, in milliseconds.</param>
/// <param name="AgeSeconds">The time since the check began, in seconds.</param>
public sealed record ServicePart(string State, double LatencyMs, double AgeSeconds)
{
    /// <summary>Why it doesn't work.</summary>
    public string? Reason { get; init; }
}
