namespace ImageResize.Core.Sources.Web;

/// <summary>Names the thumbnails of web images.</summary>
internal static class WebThumbnails
{
    /// <summary>
    /// Consists of the host, the last name of the path and a hash of the whole address: the query distinguishes images too, but may contain
    /// a key and must not be visible.
    /// </summary>
    public static string PathOf(SourceUri address, ThumbnailName thumbnail)
    {
        var end = address.Path.IndexOfAny(['/', '?', '#']);
        var host = end < 0 ? address.Path : address.Path[..end];
        var path = address.Path.Split('?')[0].TrimEnd('/');
        var name = Path.GetFileNameWithoutExtension(path[(path.LastIndexOf('/') + 1)..]);

        return $"{host.Replace(':', '_')}/{thumbnail.For($"{name}-{ThumbnailName.HashOf(address.Path)}{thumbnail.Extension}")}";
    }
}
