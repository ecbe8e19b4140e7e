using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>Keeps the items of a batch that is too large for one request, a line of JSON each, until the queue has listed them.</summary>
public interface IManifestStore : IDailyStore
{
    /// <summary>Begins a manifest of ours; it is there when the stream is closed.</summary>
    Task<Stream> CreateAsync(BatchId id, CancellationToken cancellationToken);

    Task RemoveAsync(BatchId id, CancellationToken cancellationToken);

    /// <summary>Opens the batch's own manifest, or the blob that its caller named.</summary>
    /// <param name="named">A blob, checked before; null for the batch's own.</param>
    /// <param name="offset">The byte to begin at.</param>
    /// <exception cref="Sources.RefusedException">The blob is missing or not allowed.</exception>
    Task<Stream> OpenAsync(BatchId id, string? named, long offset, CancellationToken cancellationToken);

    /// <summary>Checks by text and by a look whether the blob may be read and is there.</summary>
    /// <exception cref="Sources.RefusedException">It may not, or is not.</exception>
    Task<string> CheckAsync(string named, CancellationToken cancellationToken);
}
