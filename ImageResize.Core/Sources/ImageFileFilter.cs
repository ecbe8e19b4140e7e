using ImageResize.Core.Errors;

namespace ImageResize.Core.Sources;

/// <summary>
/// Decides which files of folders and containers are listed as images. Registration takes the formats from the list of formats.
/// </summary>
/// <param name="extensions">Of images, with the dot.</param>
/// <param name="unsupportedExtensions">Of images in formats that are not supported, with the dot.</param>
/// <param name="findRefusal">Returns the reason why a file that starts with these bytes is refused, or null for an image.</param>
public sealed class ImageFileFilter(
    IReadOnlyList<string> extensions,
    IReadOnlyList<string> unsupportedExtensions,
    Func<ReadOnlySpan<byte>, ErrorCode?> findRefusal)
{
    /// <summary>How many of a file's first bytes <see cref="CheckFirstBytes"/> needs.</summary>
    public const int PrefixLength = 4096;

    /// <param name="name">With or without the folders before it.</param>
    public static bool IsHidden(ReadOnlySpan<char> name) => name[(name.LastIndexOf('/') + 1)..].StartsWith('.');

    public bool HasImageExtension(ReadOnlySpan<char> name) => EndsWithAny(name, extensions);

    /// <summary>Checks a file whose bytes are not read.</summary>
    /// <param name="contentType">The declared type. It is used only if the extension is unknown.</param>
    /// <returns>Null for an image.</returns>
    public SkipReason? CheckName(ReadOnlySpan<char> name, string? contentType)
    {
        if (IsHidden(name))
        {
            return SkipReason.Hidden;
        }

        if (HasImageExtension(name))
        {
            return null;
        }

        if (EndsWithAny(name, unsupportedExtensions))
        {
            return SkipReason.UnsupportedFormat;
        }

        return contentType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true ? null : SkipReason.UnknownExtension;
    }

    /// <param name="start">The first <see cref="PrefixLength"/> bytes of a file, or all if it has fewer.</param>
    /// <returns>Null for an image.</returns>
    public SkipReason? CheckFirstBytes(ReadOnlySpan<byte> start) => findRefusal(start) is { } code ? SkipReason.Of(code) : null;

    private static bool EndsWithAny(ReadOnlySpan<char> name, IReadOnlyList<string> endings)
    {
        foreach (var ending in endings)
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
