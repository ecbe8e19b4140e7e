using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>The time and memory that a child process may use for one image.</summary>
/// <param name="Memory">In bytes.</param>
internal sealed record ChildLimits(Deadline Deadline, long Memory)
{
    private const long Megabyte = 1_000_000;

    /// <summary>The memory that the limits allow the decoder, twice the largest source, and memory for the runtime.</summary>
    public static ChildLimits Of(ImagingOptions options) => new(
        new Deadline(TimeSpan.FromSeconds(options.DeadlineSeconds)),
        ((options.MaxMegapixels * ImageLimits.BytesAllowedPerPixel) + 400) * Megabyte);

    public ChildLostException? FindExceeded(TimeSpan elapsed, TimeSpan processorTime, long memory) =>
        Deadline.IsOver(elapsed, processorTime)
            ? new ChildLostException(
                ErrorCode.ImageTooSlow, $"The image takes longer than {Deadline.Limit.TotalSeconds:0} seconds to decode.")
        : memory > Memory
            ? new ChildLostException(ErrorCode.TooLarge, $"The image takes more than {Memory / Megabyte} MB to decode.")
        : null;
}
