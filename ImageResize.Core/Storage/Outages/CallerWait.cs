namespace ImageResize.Core.Storage.Outages;

/// <summary>Whether a caller waits for what is asked of storage now. Known to all that is done for a request, and to nothing else.</summary>
public static class CallerWait
{
    private static readonly AsyncLocal<bool> Current = new();

    public static bool GoesOn => Current.Value;

    public static void Begin() => Current.Value = true;

    /// <summary>For work that comes as a request but for which nobody sits and waits.</summary>
    public static void End() => Current.Value = false;
}
