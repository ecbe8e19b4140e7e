using ImageResize.Core.Errors;

namespace ImageResize.Core.Sources;

/// <summary>One kind of place that images come from: the images folder, blobs, uploads, the web.</summary>
public interface ISource
{
    /// <summary>Whether the caller's text names this kind of place. Says nothing about whether it is allowed or there.</summary>
    bool Owns(string source);

    /// <summary>Checks what the text alone can tell, before anything is queued, and gives its one spelling.</summary>
    /// <exception cref="RefusedException">The text names nothing that we would ever read.</exception>
    string Check(string source);

    /// <summary>Opens what <see cref="Check"/> gave, checking the place itself. Reads forward as it is read, no further.</summary>
    /// <returns>A stream that the caller closes; not always seekable.</returns>
    /// <exception cref="RefusedException">Missing, not a file, not allowed, too large. Anything else is a fault.</exception>
    Task<Stream> OpenAsync(string source, CancellationToken cancellationToken);

    /// <summary>The same for who reads it to its end: a blob then takes one request.</summary>
    Task<Stream> OpenWholeAsync(string source, CancellationToken cancellationToken) => OpenAsync(source, cancellationToken);
}
