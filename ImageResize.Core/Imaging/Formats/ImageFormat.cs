using System.Text.Json.Serialization;

namespace ImageResize.Core.Imaging.Formats;

/// <summary>
/// The image formats. This is the only list of them: each member names the class that implements it, and <see cref="ImageFormats"/> derives
/// everything else. Members keep their order, because stored requests contain their numbers.
/// </summary>
public enum ImageFormat
{
    [Format<JpegFormat>]
    Jpeg,

    [Format<PngFormat>]
    Png,

    [Format<GifFormat>]
    Gif,

    [Format<WebPFormat>, JsonStringEnumMemberName("webp")]
    WebP,

    [Format<AvifFormat>]
    Avif,

    [Format<TiffFormat>]
    Tiff,

    [Format<BmpFormat>]
    Bmp,

    [Format<TgaFormat>]
    Tga,

    [Format<PnmFormat>]
    Pnm,
}

/// <summary>Names the class that implements a format.</summary>
[AttributeUsage(AttributeTargets.Field)]
internal abstract class FormatAttribute : Attribute
{
    public abstract Format Create(ImageFormat id);
}

internal sealed class FormatAttribute<T> : FormatAttribute
    where T : Format, new()
{
    public override Format Create(ImageFormat id) => new T { Id = id };
}
