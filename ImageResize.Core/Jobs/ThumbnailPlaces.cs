using System.Security.Cryptography;
using System.Text;
using ImageResize.Core.Imaging;
using ImageResize.Core.Sources.Folder;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Jobs;

/// <summary>Decides where a thumbnail goes: another place for every source and every wanted thumbnail, spelled as a source.</summary>
public sealed class ThumbnailPlaces(IEnumerable<IThumbnailStore> stores, IOptions<ThumbnailOptions> options)
{
    private const string Resized = "resized";
    private const int HashLength = 16;

    private readonly IThumbnailStore[] _stores = [.. stores];
    private readonly string _container = options.Value.OutputContainer;

    /// <summary>Mirrors the source's own place.</summary>
    public string PlaceOf(string source, WantedThumbnail wanted, ImageFormat format)
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

        return $"{place}/{path[..slash]}{ThumbnailName.Of(path[slash..], wanted, format)}";
    }

    public Task PutAsync(string place, Thumbnail thumbnail, CancellationToken cancellationToken) =>
        _stores.First(store => store.Owns(place)).PutAsync(place, thumbnail, cancellationToken);

    private (string Place, string Path) PlaceOfBlob(string blob)
    {
        var slash = blob.IndexOf('/', StringComparison.Ordinal);

        return _container.Length > 0 ? ($"blob://{_container}", blob) : ($"blob://{blob[..slash]}/{Resized}", blob[(slash + 1)..]);
    }

    private string PlaceOfOthers() => _container.Length > 0 ? $"blob://{_container}/web" : $"{FolderPath.Resized}/web";

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
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address)))[..HashLength];

        return $"{host.Replace(':', '_')}/{name}-{hash}{ThumbnailName.ExtensionOf(format)}";
    }
}
