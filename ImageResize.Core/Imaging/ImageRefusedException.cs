namespace ImageResize.Core.Imaging;

/// <summary>The picture is at fault: trying again would fail the same way.</summary>
/// <param name="code">Stable and for programs; see <see cref="RefusalCode"/>.</param>
/// <param name="message">For the caller: names what was wrong and the limit, never a path, key or stack.</param>
/// <param name="cause">What a decoder said; for a debugger, not for the caller.</param>
public sealed class ImageRefusedException(string code, string message, Exception? cause = null) : Exception(message, cause)
{
    public string Code { get; } = code;

    internal static ImageRefusedException NotAnImage(Exception? cause = null) =>
        // The text of the program this one replaces: its callers compare it, so no full stop.
        new(RefusalCode.NotAnImage, "The given image path is not a valid image format", cause);

    internal static ImageRefusedException Unsupported(string format) =>
        new(
            RefusalCode.UnsupportedFormat,
            $"The image is {format}, a format that is not read here. JPEG, PNG, GIF, WebP, AVIF, TIFF and BMP are.");

    internal static ImageRefusedException TooLarge(string what, string limit) =>
        new(RefusalCode.TooLarge, $"The image {what}; the limit is {limit}.");

    internal static ImageRefusedException Damaged(Exception? cause = null) =>
        new(RefusalCode.Damaged, "The image is damaged: its header can be read, its pixels cannot.", cause);
}
