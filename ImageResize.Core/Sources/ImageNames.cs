namespace ImageResize.Core.Sources;

/// <summary>Decides which files of a folder are taken for images. The bytes decide later what they are.</summary>
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
