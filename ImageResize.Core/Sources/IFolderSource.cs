using ImageResize.Core.Errors;

namespace ImageResize.Core.Sources;

/// <summary>What stands at a source.</summary>
public enum PlaceKind
{
    Missing,
    File,
    Folder,
}

/// <summary>A kind of place that has folders.</summary>
public interface IFolderSource : ISource
{
    /// <summary>Whether a folder is small enough to be counted while a caller waits; a container of a million is not.</summary>
    bool CountsQuickly { get; }

    /// <exception cref="RefusedException">It stands outside what we trust, or is neither a file nor a folder.</exception>
    Task<PlaceKind> LookAsync(string source, CancellationToken cancellationToken);

    /// <summary>The images of a folder in one fixed order, from behind <paramref name="after"/> if given; of its subfolders only if it says so.</summary>
    /// <returns>Sources in their one spelling.</returns>
    /// <exception cref="RefusedException">The folder is missing or outside what we trust.</exception>
    IAsyncEnumerable<string> ListAsync(string folder, string? after, CancellationToken cancellationToken);
}
