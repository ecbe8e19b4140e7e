namespace ImageResize.Core.Imaging.Jpeg.Frames;

/// <summary>
/// The coefficients that one progressive scan sends: zigzag positions from first to last, down to a bit. The previous bit is -1 in the
/// first scan of these positions (ITU-T T.81, G.1.1.1).
/// </summary>
internal readonly record struct ProgressiveStep(int First, int Last, int PreviousBit, int Bit)
{
    public bool IsDc => First == 0;

    /// <summary>Reads the last three bytes of a scan header.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ProgressiveStep step)
    {
        var high = bytes[2] >> 4;
        var low = bytes[2] & 15;
        step = new ProgressiveStep(bytes[0], bytes[1], high == 0 ? -1 : high, low);

        var isBand = step.IsDc ? step.Last == 0 : step.First <= step.Last && step.Last < 64;
        return isBand && low <= 13 && (high == 0 || high == low + 1);
    }
}
