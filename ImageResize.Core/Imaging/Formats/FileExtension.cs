namespace ImageResize.Core.Imaging.Formats;

/// <summary>The extension of files in a format.</summary>
public static class FileExtension
{
    public static string Of(ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => ".jpg",
        ImageFormat.Tiff => ".tif",
        _ => "." + format.ToString().ToLowerInvariant(),
    };
}
