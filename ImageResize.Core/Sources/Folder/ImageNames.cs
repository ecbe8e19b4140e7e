namespace ImageResize.Core.Sources.Folder;

/// <summary>Which files of a folder are taken for images; what they really are, their bytes decide later.</summary>
public static class ImageNames
{
    private static readonly string[] Endings =
        [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".avif", ".tif", ".tiff", ".bmp"];

    public static bool IsImage(ReadOnlySpan<char> name)
    {
        foreach (var ending in Endings)
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
