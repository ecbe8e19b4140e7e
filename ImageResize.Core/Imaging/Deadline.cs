namespace ImageResize.Core.Imaging;

/// <summary>
/// The time that one image may take. It is over when both the elapsed time and the processor time of the image have reached the limit,
/// because a valid image takes longer on a busy machine. An image that hangs uses no processor time, so it is also over after four times
/// the limit of elapsed time.
/// </summary>
internal readonly record struct Deadline(TimeSpan Limit)
{
    private const int ClockFactor = 4;

    /// <param name="elapsed">Since the image was started, without pauses.</param>
    /// <param name="processorTime">Used by the image.</param>
    public bool IsOver(TimeSpan elapsed, TimeSpan processorTime) =>
        elapsed >= Limit && (processorTime >= Limit || elapsed >= Limit * ClockFactor);
}
