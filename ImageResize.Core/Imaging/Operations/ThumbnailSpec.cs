using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Metadata;

namespace ImageResize.Core.Imaging.Operations;

/// <summary>How a picture fills its box.</summary>
public enum Fit
{
    /// <summary>Keeps the aspect ratio and stays within the box; never enlarged.</summary>
    Inside,

    /// <summary>Keeps the aspect ratio, fills the box and crops what sticks out; never enlarged, so it may stay smaller.</summary>
    Cover,

    /// <summary>Stretched to the box exactly; no side is ever enlarged.</summary>
    Fill,
}

/// <summary>Which part <see cref="Fit.Cover"/> keeps.</summary>
public enum Gravity
{
    Centre,

    /// <summary>The part most likely to draw the eye (libvips' "attention").</summary>
    Attention,
}

/// <summary>What of the source's metadata a thumbnail keeps.</summary>
[Flags]
public enum KeptMetadata
{
    None = 0,

    /// <summary>
    /// The copyright notice and the author, wherever the source says them (EXIF, XMP, IPTC), written as EXIF and XMP.
    /// TIFF gets the XMP alone; GIF and BMP have no place for either.
    /// </summary>
    Copyright = 1,

    /// <summary>The colours as stored and the profile that explains them, instead of sRGB. CMYK becomes sRGB all the same.</summary>
    ColourProfile = 2,
}

/// <summary>A wanted thumbnail. Width and height are the box, in pixels.</summary>
public sealed record ThumbnailSpec(int Width, int Height)
{
    public Fit Fit { get; init; } = Fit.Inside;

    public Gravity Gravity { get; init; } = Gravity.Centre;

    /// <summary>The format to write; none keeps the source's.</summary>
    public ImageFormat? Format { get; init; }

    /// <summary>1 to 100 for JPEG, WebP and AVIF; none takes the setting for the format.</summary>
    public int? Quality { get; init; }

    /// <summary>
    /// The colour under transparent pixels where the format written has no transparency, #rrggbb; white when none is given.
    /// See <see cref="Colour.TryParse"/>.
    /// </summary>
    public string? Background { get; init; }

    public KeptMetadata Keep { get; init; } = KeptMetadata.None;

    /// <summary>Keeps the frames of a GIF or WebP that is written as one of the two; else the first frame alone is used.</summary>
    public bool Animated { get; init; }
}
