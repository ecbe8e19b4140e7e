namespace ImageResize.Core.Batches.Submission;

/// <summary>Who sent the request that is being processed. Batches that it submits belong to this caller.</summary>
public static class CurrentCaller
{
    private static readonly AsyncLocal<string?> Current = new();

    /// <summary>The name of a key, or a short hash of it. Null outside of requests and for a developer without a key.</summary>
    public static string? Name
    {
        get => Current.Value;
        set => Current.Value = value;
    }
}
