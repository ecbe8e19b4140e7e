using System.IO.Enumeration;
using System.Runtime.CompilerServices;
using ImageResize.Core.Errors;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Sources.Folder;

/// <summary>The mounted images folder. Whatever a path leads to, links followed, must lie inside it.</summary>
public sealed class FolderSource(IOptions<SourcesOptions> options) : IFolderSource
{
    private readonly TrustedFolder _root = new(options.Value.ImagesRoot);

    public bool CountsQuickly => true;

    public bool Owns(string source) => !source.Contains("://", StringComparison.Ordinal);

    public string Check(string source) => FolderPath.Check(source);

    public Task<PlaceKind> LookAsync(string source, CancellationToken cancellationToken) =>
        Task.FromResult(_root.Look(FolderPath.RelativeToRoot(source)));

    public Task<Stream> OpenAsync(string source, CancellationToken cancellationToken)
    {
        try
        {
            var handle = _root.OpenFile(FolderPath.RelativeToRoot(source));

            return Task.FromResult<Stream>(new FileStream(handle, FileAccess.Read, bufferSize: 0));
        }
        catch (RefusedException refusal) when (refusal.Code == ErrorCode.SourceNotFound && source.Contains('\uFFFD', StringComparison.Ordinal))
        {
            // Listed with its folder: .NET puts this letter where a name's bytes are no text, and cannot name the file then.
            throw new RefusedException(ErrorCode.SourceNotFound, "The image file's name is not UTF-8; files are only found by names that are.");
        }
    }

    /// <summary>Sorted by name: a listing that goes on later, or comes twice, numbers the same files the same.</summary>
    public async IAsyncEnumerable<string> ListAsync(
        string folder,
        string? after,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var opened = _root.OpenFolder(FolderPath.RelativeToRoot(folder));
        var prefix = folder.TrimEnd('/') + "/";

        var names = await Task.Run(() => ImagesIn(opened.PathOfFolder, after?[prefix.Length..]), cancellationToken);
        foreach (var name in names)
        {
            yield return prefix + name;
        }
    }

    private static List<string> ImagesIn(string path, string? after)
    {
        // All that the name says is an image, ".a.jpg" too, which .NET would leave out.
        var everything = new EnumerationOptions { AttributesToSkip = 0 };
        var images = new FileSystemEnumerable<string>(path, (ref entry) => entry.FileName.ToString(), everything)
        {
            ShouldIncludePredicate = (ref entry) =>
                ImageNames.IsImage(entry.FileName)
                && !entry.IsDirectory
                && (after is null || entry.FileName.CompareTo(after, StringComparison.Ordinal) > 0),
        };

        List<string> names = [.. images];
        names.Sort(StringComparer.Ordinal);

        return names;
    }
}
