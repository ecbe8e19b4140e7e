using ImageResize.Core.Errors;

namespace ImageResize.Core.Sources;

/// <summary>A kind of source that has folders.</summary>
public interface IFolderSource : ISource
{
    /// <summary>Whether the images of a folder can be counted while a caller waits; false for containers of any size.</summary>
    bool CountsQuickly { get; }

    /// <exception cref="RefusedException">The source is outside the allowed places, or neither a file nor a folder.</exception>
    Task<SourceKind> FindKindAsync(SourceUri source, CancellationToken cancellationToken);

    /// <summary>Whether a source that is an item of a batch is a folder. Opens nothing if the text is enough to tell.</summary>
    Task<bool> IsFolderAsync(SourceUri source, CancellationToken cancellationToken);

    /// <summary>
    /// Lists the files of a folder in a fixed order: its images, and the files that are left out. Thumbnails are not listed. Includes
    /// subfolders only if the text of the folder says so.
    /// </summary>
    /// <param name="after">The file to continue after, or null to start with the first.</param>
    /// <returns>Normalized sources.</returns>
    /// <exception cref="RefusedException">The folder is missing or not allowed.</exception>
    IAsyncEnumerable<FolderEntry> ListAsync(SourceUri folder, SourceUri? after, CancellationToken cancellationToken);

    /// <summary>Whether the text of a normalized source can name a folder. Reads nothing.</summary>
    bool CanBeFolder(SourceUri source);

    /// <summary>
    /// Lists the images of a folder with their versions, in any order. Images are known by their names or content types alone, and files
    /// that are being written may be left out. Thumbnails are not listed.
    /// </summary>
    /// <exception cref="RefusedException">The folder is missing or not allowed.</exception>
    IAsyncEnumerable<ListedImage> ListVersionsAsync(SourceUri folder, CancellationToken cancellationToken);

    /// <summary>Whether a listing of the folder would include an image of this name. False for files, which have no events.</summary>
    /// <param name="image">A normalized source.</param>
    bool CanContain(SourceUri folder, SourceUri image, string? contentType) => false;

    /// <summary>Returns the folder that contains the thumbnails of a folder's images.</summary>
    SourceUri PlaceThumbnails(SourceUri folder);
}
