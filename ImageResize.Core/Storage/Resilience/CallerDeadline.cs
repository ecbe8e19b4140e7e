namespace ImageResize.Core.Storage.Resilience;

/// <summary>
/// Whether a caller waits for the current storage request, which then has a short deadline. The value follows the asynchronous flow of an
/// HTTP request.
/// </summary>
public static class CallerDeadline
{
    private static readonly AsyncLocal<bool> Current = new();

    public static bool IsSet => Current.Value;

    public static void Begin() => Current.Value = true;

    /// <summary>For work that arrives as a request although no caller waits for it.</summary>
    public static void End() => Current.Value = false;
}
