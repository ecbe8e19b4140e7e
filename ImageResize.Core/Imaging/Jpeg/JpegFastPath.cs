using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>
/// Decodes a JPEG at a reduced scale, several times as fast as a general decoder. Files that it does not know or finds damaged are left to
/// libvips, which decides about them.
/// </summary>
internal static class JpegFastPath
{
    [ThreadStatic]
    private static ShrunkJpeg? t_jpeg;

    private static ShrunkJpeg Jpeg => t_jpeg ??= new ShrunkJpeg();

    /// <summary>
    /// Size and orientation. Null if <paramref name="start"/> does not contain everything before the pixels, or contains something that is
    /// left to libvips.
    /// </summary>
    public static JpegHeader? FindHeader(ReadOnlySpan<byte> start) => Jpeg.FindHeader(start);

    /// <summary>
    /// Decodes once for all <paramref name="specs"/>. Uses their width, height and fit only. Null if the file's kind, size or state, or the
    /// size of a thumbnail, is left to libvips. Sizes are checked before any pixels are read.
    /// </summary>
    /// <param name="maxPixels">Images with more pixels are left to libvips.</param>
    /// <returns>This thread's image. Dispose it before the next call.</returns>
    public static ShrunkJpeg? Decode(
        ReadOnlySpan<byte> source, IReadOnlyList<ThumbnailSpec> specs, long maxPixels, CancellationToken cancellationToken) =>
        Jpeg.TryDecode(source, specs, maxPixels, cancellationToken) ? Jpeg : null;
}
