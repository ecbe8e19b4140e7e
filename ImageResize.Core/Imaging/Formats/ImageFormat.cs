using System.Text.Json.Serialization;

namespace ImageResize.Core.Imaging.Formats;

/// <summary>The formats we read and write. Everything else is refused by name.</summary>
public enum ImageFormat
{
    Jpeg,
    Png,
    Gif,
    [JsonStringEnumMemberName("webp")]
    WebP,
    Avif,
    Tiff,
    Bmp,
}
