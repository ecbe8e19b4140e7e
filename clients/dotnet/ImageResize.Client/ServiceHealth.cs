namespace ImageResize.Client;

/// <summary>The state of the service.</summary>
/// <param name="Status"><c>live</c>, <c>ready</c> or <c>not ready</c>.</param>
public sealed record ServiceHealth(string Status)
{
    /// <summary>The state of each dependency. Only with the admin key.</summary>
    public IReadOnlyDictionary<string, string>? Parts { get; init; }

    /// <summary>Whether the service can do work.</summary>
    public bool IsReady => Status == "ready";
}
