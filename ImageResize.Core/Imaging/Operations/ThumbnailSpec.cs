using System.Text.Json.Serialization;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Metadata;

namespace ImageResize.Core.Imaging.Operations;

/// <summary>The metadata of a source that its thumbnail keeps.</summary>
[Flags]
public enum KeptMetadata
{
    None = 0,

    /// <summary>
    /// The copyright notice and the author from EXIF, XMP or IPTC, written as EXIF and XMP. TIFF gets the XMP only; GIF, BMP, TGA and
    /// PNM have no place for either.
    /// </summary>
    Copyright = 1,

    /// <summary>The colours as stored and the profile that describes them, instead of sRGB. CMYK is converted to sRGB anyway.</summary>
    ColourProfile = 2,
}

/// <summary>The thumbnail to make. Stored with its job, so names and meanings of properties do not change.</summary>
public sealed record ThumbnailSpec : ThumbnailParameters
{
    /// <summary>The side of a box that does not limit thumbnails: no image that is decoded has a longer one.</summary>
    public const int UnlimitedSide = ImageLimits.MaxDecodedSide;

    /// <param name="width">Of the box, in pixels.</param>
    /// <param name="height">Of the box, in pixels.</param>
    [JsonConstructor]
    public ThumbnailSpec(int width, int height) => (Width, Height) = (width, height);

    /// <param name="parameters">The caller's, all of which are taken over.</param>
    /// <param name="width">Of the box, in pixels.</param>
    /// <param name="height">Of the box, in pixels.</param>
    public ThumbnailSpec(ThumbnailParameters parameters, int width, int height)
        : base(parameters) => (Width, Height) = (width, height);

    public int Width { get; init; }

    public int Height { get; init; }

    /// <summary>The output format; null keeps the source's.</summary>
    [JsonPropertyOrder(3)]
    public ImageFormat? Format { get; init; }

    [JsonPropertyOrder(6)]
    public KeptMetadata Keep { get; init; } = KeptMetadata.None;
}
