using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Sources.Folder;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Jobs.Thumbnails;

/// <summary>Decides where a thumbnail goes: another place for every source and every wanted thumbnail, spelled as a source.</summary>
public sealed class ThumbnailPlaces(IEnumerable<IThumbnailStore> stores, IOptions<ThumbnailOptions> options)
{
    private const string Resized = "resized";
    private const string BlobScheme = "blob://";

    /// <summary>What the blob service allows a name, and how many parts it may have.</summary>
    private const int LongestBlobName = 1_024;
    private const int MostBlobParts = 254;

    private readonly IThumbnailStore[] _stores = [.. stores];
    private readonly string _container = options.Value.OutputContainer;

    /// <summary>Mirrors the source's own place.</summary>
    public string PlaceOf(string source, string suffix, bool isFormatRequested, ImageFormat format)
    {
        var (scheme, rest) = source.Split("://", 2) is [var before, var behind] ? (before, behind) : ("", FolderPath.RelativeToRoot(source));
        var (place, path) = scheme switch
        {
            "" => (FolderPath.Resized, rest),
            "blob" => PlaceOfBlob(rest),
            "upload" => (PlaceOfOthers(), $"uploads/{rest}{ThumbnailName.ExtensionOf(format)}"),
            _ => (PlaceOfOthers(), PathOfAddress(rest, format)),
        };

        var slash = path.LastIndexOf('/') + 1;
        var (folder, name) = (path[..slash], ThumbnailName.Of(path[slash..], suffix, isFormatRequested, format));

        return $"{place}/{(scheme == "blob" ? Fitting(folder, name) : folder)}{name}";
    }

    /// <summary>Where the thumbnails of a folder's images are to be looked for.</summary>
    public string FolderOf(string folder)
    {
        if (!folder.StartsWith(BlobScheme, StringComparison.Ordinal))
        {
            return FolderPath.Resized + "/";
        }

        var container = folder[BlobScheme.Length..].Split('/')[0];

        return _container.Length > 0 ? $"{BlobScheme}{_container}/{container}/" : $"{BlobScheme}{container}/{Resized}/";
    }

    /// <summary>Whether a checked source lies where thumbnails go.</summary>
    public bool IsThumbnail(string source) =>
        source.StartsWith(BlobScheme, StringComparison.Ordinal)
            ? source[BlobScheme.Length..].Split('/', 2) is [var container, var name] && (container == _container || IsResizedBlob(name))
            : FolderPath.IsResized(source);

    /// <summary>Whether a blob of this name, in whatever container, is or lies in the thumbnails' folder.</summary>
    public static bool IsResizedBlob(string name) => name.StartsWith(Resized + "/", StringComparison.Ordinal);

    /// <returns>Null when the thumbnail's bytes are to be served by us.</returns>
    public async Task<Uri?> FindLinkAsync(string place, CancellationToken cancellationToken) =>
        options.Value.LinkSeconds > 0 && _stores.FirstOrDefault(store => store.Owns(place)) is { } owner
            ? await owner.FindLinkAsync(place, TimeSpan.FromSeconds(options.Value.LinkSeconds), cancellationToken)
            : null;

    public Task PutAsync(string place, Thumbnail thumbnail, CancellationToken cancellationToken) =>
        _stores.First(store => store.Owns(place)).PutAsync(place, thumbnail, cancellationToken);

    private (string Place, string Path) PlaceOfBlob(string blob)
    {
        var slash = blob.IndexOf('/', StringComparison.Ordinal);

        return _container.Length > 0 ? ($"{BlobScheme}{_container}", blob) : ($"{BlobScheme}{blob[..slash]}/{Resized}", blob[(slash + 1)..]);
    }

    /// <summary>A thumbnail lies deeper than its source: where that leads past the limits, a hash stands for the folders.</summary>
    private static string Fitting(string folder, string name)
    {
        var length = Resized.Length + 1 + folder.Length + name.Length;
        var isFitting = length <= LongestBlobName && folder.Count(c => c == '/') + 2 <= MostBlobParts;

        return isFitting ? folder : $"deep/{ThumbnailName.HashOf(folder)}/";
    }

    private string PlaceOfOthers() => _container.Length > 0 ? $"{BlobScheme}{_container}/web" : $"{FolderPath.Resized}/web";

    /// <summary>
    /// The host, and the last name of the path with a hash of the whole address: the query tells images apart too, and may hold a key,
    /// so it must not be seen.
    /// </summary>
    private static string PathOfAddress(string address, ImageFormat format)
    {
        var end = address.IndexOfAny(['/', '?', '#']);
        var host = end < 0 ? address : address[..end];
        var path = address.Split('?')[0].TrimEnd('/');
        var name = Path.GetFileNameWithoutExtension(path[(path.LastIndexOf('/') + 1)..]);

        return $"{host.Replace(':', '_')}/{name}-{ThumbnailName.HashOf(address)}{ThumbnailName.ExtensionOf(format)}";
    }
}
