using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;

namespace ImageResize.Core.Sources.Uploads;

/// <summary>Uploads that callers send to storage themselves, and that are checked when they are first used.</summary>
public interface IPendingUploads
{
    /// <summary>Checks an upload, if it has been sent. If it may be used, it becomes one like any other.</summary>
    /// <returns>False if the upload is too old to be pending, so that there was nothing to check.</returns>
    /// <exception cref="RefusedException">It is too large, not an image that can be read, or more than the caller may store.</exception>
    Task<bool> AcceptAsync(UploadId id, CancellationToken cancellationToken);
}
