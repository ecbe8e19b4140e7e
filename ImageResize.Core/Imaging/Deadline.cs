namespace ImageResize.Core.Imaging;

/// <summary>
/// The time that one image may take. It is over when the image has used that much processor time as well: on a busy machine a good image
/// takes long on the clock. An image that hangs uses no processor time, so four times the limit on the clock is over in any case.
/// </summary>
internal readonly record struct Deadline(TimeSpan Limit)
{
    private const int ClockFactor = 4;

    /// <param name="elapsed">On the clock.</param>
    /// <param name="processorTime">Used by the image.</param>
    public bool IsOver(TimeSpan elapsed, TimeSpan processorTime) =>
        elapsed >= Limit && (processorTime >= Limit || elapsed >= Limit * ClockFactor);
}
