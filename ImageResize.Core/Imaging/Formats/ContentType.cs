namespace ImageResize.Core.Imaging.Formats;

/// <summary>What a format is called in HTTP.</summary>
public static class ContentType
{
    public static string Of(ImageFormat format) => "image/" + format.ToString().ToLowerInvariant();
}
