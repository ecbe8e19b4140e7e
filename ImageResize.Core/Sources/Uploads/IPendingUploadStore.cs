using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Retention;

namespace ImageResize.Core.Sources.Uploads;

/// <summary>
/// Stores what callers send to storage themselves, apart from uploads that have been checked. It is kept until the end of the next UTC day.
/// </summary>
public interface IPendingUploadStore : IDailyStore
{
    /// <summary>The scheme, host and port of all addresses.</summary>
    string Origin { get; }

    /// <summary>Creates an address to which a caller can send an upload, again and again until it expires.</summary>
    /// <param name="name">The name of the file; null if it has none.</param>
    /// <exception cref="RefusedException">Storage is used in a way in which addresses can't be signed.</exception>
    Task<UploadAddress> CreateAddressAsync(UploadId id, string? name, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <returns>Null if nothing has been sent, or no longer exists.</returns>
    /// <exception cref="RefusedException">Its caller has stored it in a way in which it can't be read.</exception>
    Task<PendingUpload?> FindAsync(UploadId id, CancellationToken cancellationToken);

    /// <summary>
    /// Stores a checked upload where callers can't change it. Does nothing if that has been done, or the upload was deleted.
    /// </summary>
    Task<MoveResult> MoveAsync(
        UploadId id, string version, IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken);

    /// <summary>Removes what has been sent. The caller can send it again.</summary>
    Task RemoveAsync(UploadId id, CancellationToken cancellationToken);

    /// <summary>Removes an upload, checked or not. If something is sent to its address later, it is not used.</summary>
    /// <param name="isAddressValid">Whether something can still be sent.</param>
    Task CloseAsync(UploadId id, bool isAddressValid, CancellationToken cancellationToken);
}

/// <summary>Where and how a caller sends an upload.</summary>
/// <param name="Address">Secret: whoever knows it can send the upload.</param>
/// <param name="Headers">Must be sent with the upload.</param>
public sealed record UploadAddress(Uri Address, IReadOnlyDictionary<string, string> Headers);

/// <summary>An upload that has been sent, but not checked.</summary>
/// <param name="Version">Another one if something else is sent.</param>
public sealed record PendingUpload(Stream Content, string Version);

public enum MoveResult
{
    /// <summary>The upload is stored.</summary>
    Moved,

    /// <summary>The upload was stored, or deleted, before.</summary>
    Exists,

    /// <summary>Something else has been sent meanwhile, which has not been checked.</summary>
    Changed,
}
