using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>
/// Decodes a JPEG for its thumbnails several times as fast as a general decoder, where all of them are small enough to need few of each
/// block's coefficients. Whatever it does not know, or finds damaged, is not its business: libvips decides.
/// </summary>
internal static class JpegFastPath
{
    [ThreadStatic]
    private static ShrunkJpeg? t_picture;

    private static ShrunkJpeg Picture => t_picture ??= new ShrunkJpeg();

    /// <summary>Size and orientation; null when not all before the pixels is among these bytes, or something there is not mine.</summary>
    public static ImageHeader? FindHeader(ReadOnlySpan<byte> start) => Picture.FindHeader(start);

    /// <summary>
    /// Decodes once for all <paramref name="specs"/>, of which width, height and fit count. Null when the file is "not mine": of a kind, a
    /// size or a state that libvips has to decide about, or one of the thumbnails is too large; that is known before the pixels are read.
    /// </summary>
    /// <param name="maxPixels">Pictures that declare more are not mine.</param>
    /// <returns>This thread's picture: to be disposed of before its next one.</returns>
    public static ShrunkJpeg? Decode(
        ReadOnlySpan<byte> source, IReadOnlyList<ThumbnailSpec> specs, long maxPixels, CancellationToken cancellationToken) =>
        Picture.TryDecode(source, specs, maxPixels, cancellationToken) ? Picture : null;
}
