namespace ImageResize.Core.Idempotency;

/// <summary>The state of an idempotency key: its response, or none while a request is being processed.</summary>
public sealed record KeyState(StoredResponse? Response = null)
{
    /// <summary>The time since it was stored, by the store's clock: the clocks of two instances may differ by more than a lease.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>The store's version of this state. A state can only be replaced by a caller who knows its latest version.</summary>
    public string Version { get; init; } = "";
}
