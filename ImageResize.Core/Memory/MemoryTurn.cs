namespace ImageResize.Core.Memory;

/// <summary>
/// The order in which waiting work gets memory: callers take turns, and of one caller the lowest priority number is first.
/// </summary>
public readonly record struct MemoryTurn(string Caller, long Priority = 0)
{
    /// <summary>For memory that no caller asked for.</summary>
    public static MemoryTurn None { get; } = new("");
}
