namespace ImageResize.Core.Sources;

/// <summary>Decides by its extension whether a file of a folder is listed as an image. The format is detected from the bytes.</summary>
internal static class ImageNames
{
    private static readonly string[] Extensions =
        [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".avif", ".tif", ".tiff", ".bmp"];

    public static bool IsImage(ReadOnlySpan<char> name)
    {
        foreach (var extension in Extensions)
        {
            if (name.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
