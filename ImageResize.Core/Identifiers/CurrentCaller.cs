namespace ImageResize.Core.Identifiers;

/// <summary>
/// Who sent the request, or submitted the batch, that is being processed. What it creates belongs to this caller, and only what belongs to
/// it can be used.
/// </summary>
public static class CurrentCaller
{
    private static readonly AsyncLocal<(string? Name, bool IsAdmin)> Current = new();

    /// <summary>The name of a key, or a short hash of it. Null outside of requests and for a developer without a key.</summary>
    public static string? Name => Current.Value.Name;

    public static OwnerTag Tag => OwnerTag.Of(Name);

    /// <summary>For the rest of the calling method.</summary>
    /// <param name="isAdmin">Whether everything can be used, whoever created it.</param>
    public static void Set(string? name, bool isAdmin = false) => Current.Value = (name, isAdmin);

    public static bool MayUse(BatchId id) => MayUse(id.Owner);

    public static bool MayUse(UploadId id) => MayUse(id.Owner);

    /// <param name="owner">Null for an id of a version that did not store owners.</param>
    private static bool MayUse(OwnerTag? owner) => owner is null || Current.Value.IsAdmin || owner == Tag;
}
