using System.Text.RegularExpressions;
using ImageResize.Core.Errors;

namespace ImageResize.Core.Sources.Blobs;

/// <summary>
/// A blob, or a folder of blobs, as callers write it: <c>blob://container/a/b.jpg</c>; <c>blob://container/a/</c> for the blobs directly
/// in a folder; <c>blob://container/a/**</c> for those in its subfolders too. Names are taken literally and never decoded.
/// </summary>
internal sealed partial record BlobPath(string Container, string Name)
{
    private const string Scheme = "blob";
    private const string Recursive = "**";
    private const string Resized = "resized/";

    /// <summary>Limits of Azure Storage.</summary>
    private const int MaxNameLength = 1_024;
    private const int MaxParts = 254;

    /// <summary>Whether a folder includes its subfolders.</summary>
    public bool IsRecursive => Name == Recursive || Name.EndsWith("/" + Recursive, StringComparison.Ordinal);

    public bool IsFolder => Name.Length == 0 || Name.EndsWith('/') || IsRecursive;

    /// <summary>The prefix of the names of a folder's blobs.</summary>
    public string Prefix => IsRecursive ? Name[..^Recursive.Length] : Name;

    /// <summary>Whether it is, or is in, the folder for thumbnails of its container.</summary>
    public bool IsResized => Name.StartsWith(Resized, StringComparison.Ordinal);

    public static bool IsBlob(SourceUri source) => source.Scheme == Scheme;

    public static bool IsContainer(string name) => name.Length is >= 3 and <= 63 && ContainerPattern.IsMatch(name);

    /// <exception cref="RefusedException">The text is not a valid name of a container and a blob.</exception>
    public static BlobPath Parse(SourceUri source)
    {
        var (container, name) = source.Path.Split('/', 2) is [var first, var rest] ? (first, rest) : (source.Path, "");
        if (!IsContainer(container))
        {
            throw Refused("A blob is blob://container/name; this is not a valid container name");
        }

        if (name.Length > MaxNameLength)
        {
            throw Refused($"The blob's name is longer than {MaxNameLength} characters");
        }

        if (name.Any(c => char.IsControl(c) || c == '\uFFFD'))
        {
            throw Refused("The blob's name contains a control character or is not UTF-8");
        }

        if (name.Contains('\\', StringComparison.Ordinal))
        {
            throw Refused("The blob's name contains a backslash; its separator is /");
        }

        // In a URL, dots would lead to another container.
        if (name.Length > 0 && (name.EndsWith('/') ? name[..^1] : name).Split('/').Any(part => part is "" or "." or ".."))
        {
            throw Refused("The blob's name has a part that is empty, \".\" or \"..\"");
        }

        return new BlobPath(container, name);
    }

    public SourceUri ToUri() => new(Scheme, $"{Container}/{Name}");

    /// <param name="output">The container for thumbnails; empty for the source's own.</param>
    public BlobPath PlaceThumbnail(string output, ThumbnailName thumbnail)
    {
        var slash = Name.LastIndexOf('/') + 1;
        var folder = output.Length > 0 ? $"{Container}/{Name[..slash]}" : Name[..slash];
        var name = thumbnail.For(Name[slash..]);

        // A thumbnail has more folders than its source. Beyond the limits, a hash replaces them.
        var isWithinLimits = Resized.Length + folder.Length + name.Length <= MaxNameLength && folder.Count(c => c == '/') + 2 <= MaxParts;
        var path = (isWithinLimits ? folder : $"deep/{ThumbnailName.HashOf(folder)}/") + name;

        return output.Length > 0 ? new BlobPath(output, path) : new BlobPath(Container, Resized + path);
    }

    /// <param name="output">The container for thumbnails; empty for the source's own.</param>
    public BlobPath PlaceThumbnails(string output) =>
        output.Length > 0 ? new BlobPath(output, Container + "/") : new BlobPath(Container, Resized);

    private static RefusedException Refused(string message) => new(ErrorCode.InvalidSource, message);

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex ContainerPattern { get; }
}
