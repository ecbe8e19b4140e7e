using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>What a child may cost for one picture.</summary>
/// <param name="Memory">In bytes.</param>
internal sealed record ChildLimits(Deadline Deadline, long Memory)
{
    private const long Megabyte = 1_000_000;

    /// <summary>What the decoder may hold by its limits, twice the largest source, and room for the runtime.</summary>
    public static ChildLimits Of(ImagingOptions options) => new(
        new Deadline(TimeSpan.FromSeconds(options.DeadlineSeconds)),
        ((options.MaxMegapixels * ImageLimits.BytesAllowedForPixel) + 400) * Megabyte);

    public ChildLostException? FindBroken(TimeSpan taken, TimeSpan worked, long memory) =>
        Deadline.IsOver(taken, worked)
            ? new ChildLostException(ErrorCode.ImageTooSlow, $"The image takes longer than {Deadline.Limit.TotalSeconds:0} seconds to decode.")
        : memory > Memory
            ? new ChildLostException(ErrorCode.TooLarge, $"The image takes more than {Memory / Megabyte} MB to decode.")
        : null;
}
