namespace ImageResize.Core.Idempotency;

/// <summary>What is known of a key: its answer or, without one, that a request is at work on it.</summary>
/// <param name="Until">Then the key is free again: its answer is old, or whoever was at work on it has died.</param>
public sealed record KeyState(DateTimeOffset Until, Answer? Answer = null)
{
    /// <summary>Of the state as stored: it can be replaced only by who has seen it last.</summary>
    public string Version { get; init; } = "";
}
