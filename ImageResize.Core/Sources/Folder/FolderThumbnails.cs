using ImageResize.Core.Errors;
using ImageResize.Core.Sources.Thumbnails;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Sources.Folder;

/// <summary>Stores thumbnails under <c>resized/</c> in the images folder, in the same subfolders as their sources.</summary>
internal sealed class FolderThumbnails(IOptions<SourcesOptions> options) : IThumbnailStore
{
    /// <summary>The error of creating a file that exists. On Unix, .NET puts the error number (errno) into HResult.</summary>
    private const int Exists = 17, WindowsExists = unchecked((int)0x80070050);

    /// <summary>Links are not followed.</summary>
    private static readonly EnumerationOptions OwnOnly =
        new() { AttributesToSkip = FileAttributes.ReparsePoint, MatchCasing = MatchCasing.CaseSensitive };

    /// <summary>Links are not followed.</summary>
    private static readonly EnumerationOptions OwnAndBelow =
        new() { AttributesToSkip = FileAttributes.ReparsePoint, RecurseSubdirectories = true };

    private readonly TrustedFolder _resized = UnfinishedFiles.ResizedUnder(options.Value.ImagesRoot);
    private readonly UnfinishedFiles _unfinished = UnfinishedFiles.Under(options.Value.ImagesRoot);

    public bool CanHandle(SourceUri place) => place.Scheme.Length == 0 && FolderPath.IsResized(place.Path);

    public Task<Uri?> FindLinkAsync(SourceUri place, TimeSpan lifetime, CancellationToken cancellationToken) => Task.FromResult<Uri?>(null);

    public Task<int> RemoveCallersBeforeAsync(DateTimeOffset time, CancellationToken cancellationToken) =>
        RemoveBeforeAsync(time, folder => folder != ThumbnailOptions.Addresses, cancellationToken);

    public Task<int> RemoveAddressesBeforeAsync(DateTimeOffset time, CancellationToken cancellationToken) =>
        RemoveBeforeAsync(time, folder => folder == ThumbnailOptions.Addresses, cancellationToken);

    public Task RemoveCallersAsync(SourceUri place, CancellationToken cancellationToken)
    {
        var relative = RelativeToResized(place);
        var slash = relative.LastIndexOf('/') + 1;
        try
        {
            using var folder = _resized.OpenFolder(relative[..(slash - 1)]);
            foreach (var file in new DirectoryInfo(folder.PathOfFolder).EnumerateFiles(relative[slash..] + "*", OwnOnly))
            {
                cancellationToken.ThrowIfCancellationRequested();
                file.Delete();
            }
        }
        catch (RefusedException missing) when (missing.Code == ErrorCode.SourceNotFound)
        {
            // There are no thumbnails of this caller.
        }
        catch (Exception fault) when (fault is RefusedException or IOException or UnauthorizedAccessException)
        {
            throw new ThumbnailStoreException($"The place for thumbnails {FolderFault.Explain(fault)}.", fault);
        }

        return Task.CompletedTask;
    }

    public Task<Stream> OpenAsync(SourceUri place, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(new FileStream(_resized.OpenFile(RelativeToResized(place)), FileAccess.Read, bufferSize: 0));

    public Task PutAsync(SourceUri place, ReadOnlyMemory<byte> bytes, string contentType, CancellationToken cancellationToken)
    {
        try
        {
            Put(RelativeToResized(place), bytes.Span);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ThumbnailStoreException($"The place for thumbnails {FolderFault.Explain(fault)}.", fault);
        }

        return Task.CompletedTask;
    }

    public Task<bool> TryAddAsync(SourceUri place, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var relative = RelativeToResized(place);
        var slash = relative.LastIndexOf('/') + 1;
        try
        {
            using var folder = _resized.OpenOrCreateFolder(relative[..slash]);

            return Task.FromResult(TryCreate(Path.Combine(folder.PathOfFolder, relative[slash..]), bytes.Span));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ThumbnailStoreException($"The place for thumbnails {FolderFault.Explain(fault)}.", fault);
        }
    }

    private static bool TryCreate(string path, ReadOnlySpan<byte> bytes)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
            RandomAccess.Write(file, bytes, fileOffset: 0);

            return true;
        }
        catch (IOException exists) when (exists.HResult is Exists or WindowsExists)
        {
            return false;
        }
    }

    private static string RelativeToResized(SourceUri place) => place.Path[(FolderPath.Resized.Length + 1)..];

    private Task<int> RemoveBeforeAsync(DateTimeOffset time, Func<string, bool> isIncluded, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult(RemoveBefore(time, isIncluded, cancellationToken));
        }
        catch (RefusedException missing) when (missing.Code == ErrorCode.SourceNotFound)
        {
            // There are no thumbnails yet, or the folder is not mounted.
            return Task.FromResult(0);
        }
        catch (Exception fault) when (fault is RefusedException or IOException or UnauthorizedAccessException)
        {
            throw new ThumbnailStoreException($"The place for thumbnails {FolderFault.Explain(fault)}.", fault);
        }
    }

    private int RemoveBefore(DateTimeOffset time, Func<string, bool> isIncluded, CancellationToken cancellationToken)
    {
        using var callers = _resized.OpenFolder(ThumbnailOptions.Callers);
        var removed = 0;
        var thumbnails = new DirectoryInfo(callers.PathOfFolder).EnumerateDirectories("*", OwnOnly)
            .Where(folder => isIncluded(folder.Name))
            .SelectMany(folder => folder.EnumerateFiles("*", OwnAndBelow));
        foreach (var old in thumbnails.Where(file => file.LastWriteTimeUtc < time.UtcDateTime))
        {
            cancellationToken.ThrowIfCancellationRequested();
            old.Delete();
            removed++;
        }

        return removed;
    }

    private void Put(string relative, ReadOnlySpan<byte> bytes)
    {
        var slash = relative.LastIndexOf('/') + 1;
        using var folder = _resized.OpenOrCreateFolder(relative[..slash]);
        var path = Path.Combine(folder.PathOfFolder, relative[slash..]);

        // Not flushed to disk: that takes as long as making the thumbnail, and a thumbnail lost to a power failure can be made again.
        _unfinished.Write(bytes, written => File.Move(written, path, overwrite: true));
    }
}
