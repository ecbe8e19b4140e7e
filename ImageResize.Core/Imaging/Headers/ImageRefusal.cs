using ImageResize.Core.Errors;

namespace ImageResize.Core.Imaging.Headers;

/// <summary>The refusals of an image that several readers share.</summary>
internal static class ImageRefusal
{
    // The message is the replaced program's, which its callers compare: it has no full stop.
    public static RefusedException NotAnImage(Exception? cause = null) =>
        new(ErrorCode.NotAnImage, "The given image path is not a valid image format", cause);

    /// <param name="format">The format with its article: "an SVG file".</param>
    public static RefusedException Unsupported(string format) => new(
        ErrorCode.UnsupportedFormat,
        $"The image is {format}, a format that is not read here. JPEG, PNG, GIF, WebP, AVIF, TIFF and BMP are.");

    public static RefusedException TooLarge(string property, string limit) =>
        new(ErrorCode.TooLarge, $"The image {property}; the limit is {limit}.");

    public static RefusedException Damaged(Exception? cause = null) =>
        new(ErrorCode.Damaged, "The image is damaged: its header can be read, its pixels cannot.", cause);
}
