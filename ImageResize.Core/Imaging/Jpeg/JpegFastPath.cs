using System.Diagnostics.CodeAnalysis;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>
/// Makes a thumbnail's planes of a JPEG several times as fast as a general decoder, where the thumbnail is small enough to
/// need few of each block's coefficients. Whatever it does not know, or finds damaged, is not its business: libvips decides.
/// </summary>
internal static class JpegFastPath
{
    [ThreadStatic]
    private static JpegFastPathWorker? t_worker;

    private static JpegFastPathWorker Worker => t_worker ??= new JpegFastPathWorker();

    /// <summary>Size and orientation; null when not all before the pixels is among these bytes, or something there is not mine.</summary>
    public static ImageHeader? FindHeader(ReadOnlySpan<byte> start) => Worker.FindHeader(start);

    /// <summary>Whether <see cref="TryMake"/> would make it of a sound file: by the header alone, so that nothing is made in vain.</summary>
    public static bool IsFor(ReadOnlySpan<byte> source, int boxWidth, int boxHeight, Fit fit, long maxPixels) =>
        Worker.IsFor(source, boxWidth, boxHeight, fit, maxPixels);

    /// <summary>False when the file is "not mine": of a kind, a size or a state that libvips has to decide about.</summary>
    /// <param name="planes">Good until this thread's next picture.</param>
    /// <param name="maxPixels">Pictures that declare more are not mine.</param>
    public static bool TryMake(
        ReadOnlySpan<byte> source,
        int boxWidth,
        int boxHeight,
        Fit fit,
        long maxPixels,
        CancellationToken cancellationToken,
        [NotNullWhen(true)] out ThumbnailPlanes? planes)
    {
        return Worker.TryMake(source, boxWidth, boxHeight, fit, maxPixels, cancellationToken, out planes);
    }
}
