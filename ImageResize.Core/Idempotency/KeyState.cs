namespace ImageResize.Core.Idempotency;

/// <summary>What is known of a key: its answer or, without one, that a request is at work on it.</summary>
public sealed record KeyState(Answer? Answer = null)
{
    /// <summary>How long ago it was stored, by the store's clock: those of two instances may differ by more than a lease.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>Of the state as stored: it can be replaced only by who has seen it last.</summary>
    public string Version { get; init; } = "";
}
