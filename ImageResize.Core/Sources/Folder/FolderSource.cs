using System.Runtime.CompilerServices;
using ImageResize.Core.Errors;
using ImageResize.Core.Sources.Thumbnails;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Sources.Folder;

/// <summary>Files of the mounted images folder. Symbolic links are followed, but their targets must be in the folder too.</summary>
public sealed class FolderSource(IOptions<SourcesOptions> options, ImageFileFilter filter, TimeProvider clock) : IFolderSource
{
    /// <summary>How many files are checked before the first of them is returned, and how many of these at once.</summary>
    private const int CheckedTogether = 256, CheckedInParallel = 8;

    private readonly TrustedFolder _root = new(options.Value.ImagesRoot, closed: ThumbnailOptions.Callers);
    private readonly TrustedFolder _resized = UnfinishedFiles.ResizedUnder(options.Value.ImagesRoot);

    public string Form => $"a path in {FolderPath.Root}";

    public bool CountsQuickly => true;

    public bool CanHandle(SourceUri source) => source.Scheme.Length == 0;

    public SourceUri Normalize(SourceUri source) => Of(FolderPath.Normalize(source.Path));

    public Task<SourceKind> FindKindAsync(SourceUri source, CancellationToken cancellationToken)
    {
        var path = FolderPath.IsRecursive(source.Path) ? FolderPath.FolderOf(source.Path) : source.Path;

        return Task.FromResult(_root.FindKind(FolderPath.RelativeToRoot(path)));
    }

    /// <summary>A folder whose name ends like that of an image needs a slash at its end, so that images are not opened here.</summary>
    public async Task<bool> IsFolderAsync(SourceUri source, CancellationToken cancellationToken) =>
        !filter.HasImageExtension(source.Path) && await FindKindAsync(source, cancellationToken) == SourceKind.Folder;

    public Task<Stream> OpenAsync(SourceUri source, CancellationToken cancellationToken)
    {
        try
        {
            var handle = _root.OpenFile(FolderPath.RelativeToRoot(source.Path));

            return Task.FromResult<Stream>(new FileStream(handle, FileAccess.Read, bufferSize: 0));
        }
        catch (RefusedException refusal)
            when (refusal.Code == ErrorCode.SourceNotFound && source.Path.Contains('\uFFFD', StringComparison.Ordinal))
        {
            // Found by listing its folder: .NET replaces bytes that are not UTF-8 by this character, and then cannot open the file.
            throw new RefusedException(
                ErrorCode.SourceNotFound,
                "The image file's name is not UTF-8; files are only found by names that are.");
        }
    }

    /// <summary>The time of the last change and the length.</summary>
    public Task<string?> FindVersionAsync(SourceUri source, CancellationToken cancellationToken)
    {
        using var file = _root.OpenFile(FolderPath.RelativeToRoot(source.Path));

        return Task.FromResult<string?>(FolderNames.VersionOf(File.GetLastWriteTimeUtc(file), RandomAccess.GetLength(file)));
    }

    /// <summary>Sorted by name, so that a listing that continues later, or runs twice, numbers the files alike.</summary>
    public async IAsyncEnumerable<FolderEntry> ListAsync(
        SourceUri folder,
        SourceUri? after,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefix = FolderPath.FolderOf(folder.Path);
        using var opened = OpenFolder(prefix);
        var names = await Task.Run(
            () => FolderNames.List(
                opened.PathOfFolder,
                FolderPath.IsRecursive(folder.Path),
                isRoot: FolderPath.IsRoot(prefix),
                after?.Path[prefix.Length..]),
            cancellationToken);
        foreach (var some in names.Chunk(CheckedTogether))
        {
            var reasons = some.Any(IsUnknown)
                ? await Task.Run(() => CheckInParallel(prefix, some), cancellationToken)
                : some.Select(name => Check(prefix, name));
            foreach (var (name, reason) in some.Zip(reasons))
            {
                yield return new FolderEntry(Of(prefix + name), reason);
            }
        }
    }

    public bool CanBeFolder(SourceUri source) => !filter.HasImageExtension(source.Path);

    public async IAsyncEnumerable<ListedImage> ListVersionsAsync(
        SourceUri folder,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefix = FolderPath.FolderOf(folder.Path);
        using var opened = OpenFolder(prefix);
        var files = await Task.Run(
            () => FolderNames.ListVersions(
                opened.PathOfFolder, FolderPath.IsRecursive(folder.Path), isRoot: FolderPath.IsRoot(prefix), filter, clock.GetUtcNow()),
            cancellationToken);
        foreach (var (name, version) in files)
        {
            yield return new ListedImage(Of(prefix + name), version);
        }
    }

    public SourceUri PlaceThumbnail(SourceUri source, ThumbnailName name)
    {
        var path = FolderPath.RelativeToRoot(source.Path);
        var slash = path.LastIndexOf('/') + 1;

        return Of($"{FolderPath.Resized}/{path[..slash]}{name.For(path[slash..])}");
    }

    public SourceUri PlaceThumbnails(SourceUri folder) => Of(FolderPath.Resized + "/");

    public bool IsThumbnail(SourceUri source) => FolderPath.IsResized(source.Path);

    private static SourceUri Of(string path) => new("", path);

    private OpenedEntry OpenFolder(string prefix)
    {
        var opened = _root.OpenFolder(FolderPath.RelativeToRoot(prefix).TrimEnd('/'));
        if (!_resized.Contains(opened))
        {
            return opened;
        }

        opened.Dispose();
        throw new RefusedException(ErrorCode.SourceNotAllowed, "The folder contains thumbnails. Use the sources' folder instead.");
    }

    /// <summary>Files are opened in parallel, because on a network share each takes some milliseconds.</summary>
    private SkipReason?[] CheckInParallel(string prefix, string[] names) =>
    [
        .. names.AsParallel().AsOrdered().WithDegreeOfParallelism(CheckedInParallel).Select(name => Check(prefix, name)),
    ];

    private SkipReason? Check(string prefix, string name) =>
        ImageFileFilter.IsHidden(name) ? SkipReason.Hidden
        : IsUnknown(name) ? CheckFirstBytes(prefix + name)
        : null;

    /// <summary>Whether the kind of the file is known only from its first bytes.</summary>
    private bool IsUnknown(string name) => !ImageFileFilter.IsHidden(name) && !filter.HasImageExtension(name);

    private SkipReason? CheckFirstBytes(string path)
    {
        try
        {
            using var file = _root.OpenFile(FolderPath.RelativeToRoot(path));
            Span<byte> start = stackalloc byte[ImageFileFilter.PrefixLength];

            return filter.CheckFirstBytes(start[..RandomAccess.Read(file, start, fileOffset: 0)]);
        }
        catch (RefusedException refusal)
        {
            return SkipReason.Of(refusal.Code);
        }
        catch (IOException)
        {
            // Listed as an image: its job reads the file again, and is retried while the folder is unavailable.
            return null;
        }
    }
}
