namespace ImageResize.Core.Identifiers;

/// <summary>
/// The caller that sent the request, or submitted the batch, that is being processed. New batches and uploads belong to this caller, and
/// only its own can be used.
/// </summary>
public static class CurrentCaller
{
    private static readonly AsyncLocal<(string? Name, bool IsAdmin)> Current = new();

    /// <summary>
    /// The name of a key, a short hash of it, or a principal. Null outside of requests and for a developer without a key.
    /// </summary>
    public static string? Name => Current.Value.Name;

    public static OwnerTag Tag => OwnerTag.Of(Name);

    /// <summary>Sets the caller for the rest of the calling method.</summary>
    /// <param name="isAdmin">Whether batches and uploads of all callers can be used.</param>
    public static void Set(string? name, bool isAdmin = false) => Current.Value = (name, isAdmin);

    public static bool MayUse(BatchId id) => MayUse(id.Owner);

    public static bool MayUse(UploadId id) => MayUse(id.Owner);

    /// <param name="owner">Null for an id of a version that did not store owners.</param>
    private static bool MayUse(OwnerTag? owner) => owner is null || Current.Value.IsAdmin || owner == Tag;
}
