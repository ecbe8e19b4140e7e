using ImageResize.Core.Identifiers;
using ImageResize.Core.Retention;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Batches.Submission;

/// <summary>
/// Stores the items of batches that are too large for one request, one line of JSON each, until the queue has listed them.
/// </summary>
public interface IManifestStore : IDailyStore
{
    /// <summary>Creates the manifest of a batch. It can be read when the stream is closed.</summary>
    Task<Stream> CreateAsync(BatchId id, CancellationToken cancellationToken);

    Task RemoveAsync(BatchId id, CancellationToken cancellationToken);

    /// <summary>Opens the batch's own manifest, or the blob that its caller named.</summary>
    /// <param name="named">A blob that <see cref="CheckAsync"/> has returned; null for the batch's own manifest.</param>
    /// <param name="offset">The first byte to read.</param>
    /// <exception cref="RefusedException">The blob is missing or not allowed.</exception>
    Task<Stream> OpenAsync(BatchId id, SourceUri? named, long offset, CancellationToken cancellationToken);

    /// <summary>Checks that a blob exists and can be read.</summary>
    /// <exception cref="RefusedException">The blob is missing, not allowed or compressed.</exception>
    Task<SourceUri> CheckAsync(SourceUri named, CancellationToken cancellationToken);
}
