namespace ImageResize.Core.Sources;

/// <summary>Decides by its extension whether a file of a folder is listed as an image. The format is detected from the bytes.</summary>
/// <param name="extensions">With the dot. Registration takes them from the list of formats.</param>
public sealed class ImageNames(IReadOnlyList<string> extensions)
{
    /// <param name="name">With or without the folders before it. Hidden files, like the sidecars that macOS writes (<c>._a.jpg</c>), are no
    /// images.</param>
    public bool IsImage(ReadOnlySpan<char> name)
    {
        if (name[(name.LastIndexOf('/') + 1)..].StartsWith('.'))
        {
            return false;
        }

        foreach (var extension in extensions)
        {
            if (name.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
