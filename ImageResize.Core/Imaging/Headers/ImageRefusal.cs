using ImageResize.Core.Errors;

namespace ImageResize.Core.Imaging.Headers;

/// <summary>Refusals that several formats share.</summary>
internal static class ImageRefusal
{
    // Callers of the replaced program compare this message with its own, which has no full stop.
    public static RefusedException NotAnImage(Exception? cause = null) =>
        new(ErrorCode.NotAnImage, "The given image path is not a valid image format", cause);

    // The message is the same, because that program did not distinguish the two cases.
    public static RefusedException Empty() => new(ErrorCode.SourceEmpty, "The given image path is not a valid image format");

    public static RefusedException TooLarge(string property, string limit) =>
        new(ErrorCode.TooLarge, $"The image {property}; the limit is {limit}.");

    /// <param name="parts">For example "chunks before its pixels".</param>
    public static RefusedException TooMany(string parts, int limit) =>
        new(ErrorCode.TooLarge, $"The image has more than {limit} {parts}.");

    public static RefusedException ThumbnailTooLarge(int width, int height, string format, int limit) => new(
        ErrorCode.TooLarge,
        $"The thumbnail would have {width} x {height} pixels; {format} allows {limit} a side. Ask for a smaller one or another format.");

    public static RefusedException Damaged(Exception? cause = null) =>
        new(ErrorCode.Damaged, "The image is damaged: its header can be read, its pixels cannot.", cause);
}
