using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Imaging.FastPath;

/// <summary>
/// Decodes a JPEG at a reduced scale, several times as fast as a general decoder. Files that it does not support or finds damaged are left
/// to libvips.
/// </summary>
internal static class JpegFastPath
{
    [ThreadStatic]
    private static ShrunkJpeg? t_jpeg;

    /// <summary>
    /// Decodes once for all <paramref name="specs"/>. Uses their width, height and fit only. Null if the file's kind, size or state, or the
    /// size of a thumbnail, is left to libvips. Sizes are checked before any pixels are read.
    /// </summary>
    /// <param name="maxPixels">Images with more pixels are left to libvips.</param>
    /// <returns>This thread's image. Dispose it before the next call.</returns>
    public static ShrunkJpeg? Decode(
        ReadOnlySpan<byte> source, IReadOnlyList<ThumbnailSpec> specs, long maxPixels, CancellationToken cancellationToken)
    {
        var jpeg = t_jpeg ??= new ShrunkJpeg();
        return jpeg.TryDecode(source, specs, maxPixels, cancellationToken) ? jpeg : null;
    }
}
