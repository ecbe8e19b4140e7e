using ImageResize.Core.Errors;

namespace ImageResize.Core.Sources;

/// <summary>A kind of source: the images folder, blobs, uploads, the web. Everything that depends on the kind is decided here.</summary>
public interface ISource
{
    /// <summary>How callers write such a source, for example <c>blob://</c>; for messages.</summary>
    string Form { get; }

    /// <summary>Whether the source is of this kind. It may still be forbidden or missing.</summary>
    bool CanHandle(SourceUri source);

    /// <summary>Checks the text of a source and returns its only form, without reading anything.</summary>
    /// <exception cref="RefusedException">The source is malformed or must not be read.</exception>
    SourceUri Normalize(SourceUri source);

    /// <summary>Opens a normalized source and checks again that it may be read. Reads no further than the stream is read.</summary>
    /// <returns>A stream that the caller closes. Not always seekable.</returns>
    /// <exception cref="RefusedException">The source is missing, not a file, not allowed or too large.</exception>
    Task<Stream> OpenAsync(SourceUri source, CancellationToken cancellationToken);

    /// <summary>Opens a source that will be read to its end, which some kinds do with fewer requests.</summary>
    Task<Stream> OpenWholeAsync(SourceUri source, CancellationToken cancellationToken) => OpenAsync(source, cancellationToken);

    /// <summary>
    /// Finds the version of a normalized source, which is another one when its bytes are others. Checks again that it may be read, but
    /// doesn't read it.
    /// </summary>
    /// <returns>Null if only reading the source can tell.</returns>
    /// <exception cref="RefusedException">The source is missing, not a file or not allowed.</exception>
    Task<string?> FindVersionAsync(SourceUri source, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <summary>Decides where a thumbnail of the source is written. Different sources and different names give different places.</summary>
    SourceUri PlaceThumbnail(SourceUri source, ThumbnailName name);

    /// <summary>Whether the source is in a place that thumbnails are written to.</summary>
    bool IsThumbnail(SourceUri source) => false;
}
