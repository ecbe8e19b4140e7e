namespace ImageResize.Core.Imaging.Headers;

/// <summary>How the colours of an image are converted to sRGB.</summary>
internal enum ColourConversion
{
    None,
    FromProfile,

    /// <summary>To grey as sRGB has it, still in one channel.</summary>
    FromGreyProfile,
    FromCmyk,
}

/// <summary>
/// The properties of an image that are known before its pixels are decoded: as stored, before the orientation is applied.
/// </summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Orientation">EXIF orientation, 1 to 8.</param>
/// <param name="Frames">Frames in the file; 1 if it is not animated.</param>
/// <param name="BytesPerPixel">Bytes that decoding may hold for each pixel; <see cref="ImageLimits"/> compares them with a limit.</param>
/// <param name="IsMultiScan">A JPEG whose pixels are spread over several scans.</param>
internal sealed record ImageHeader(
    int Width,
    int Height,
    int Orientation = 1,
    int Frames = 1,
    int BytesPerPixel = 4,
    ColourConversion Conversion = ColourConversion.None,
    bool IsMultiScan = false)
{
    /// <summary>Whether the orientation exchanges width and height.</summary>
    public bool SwapsSides => Orientation >= 5;

    /// <summary>Width and height after the orientation is applied.</summary>
    public (int Width, int Height) UprightSize => SwapsSides ? (Height, Width) : (Width, Height);

    /// <summary>Pixels of one frame.</summary>
    public long Pixels => (long)Width * Height;

    /// <summary>
    /// An ICC profile made from what the file says about its colours, to be used instead of the one in the file; empty for sRGB, null if
    /// the file's own counts.
    /// </summary>
    public byte[]? Profile { get; init; }

    /// <summary>Whether the image has an animation, of which its decoder reads one still image only.</summary>
    public bool HasUnreadAnimation { get; init; }

    /// <summary>Pixels that are decoded for one frame. The first frame of a GIF can be larger than its canvas.</summary>
    public long DecodedPixels { get; init; } = (long)Width * Height;
}
