using System.Security.Cryptography;
using System.Text;
using ImageResize.Core.Imaging.Formats;

namespace ImageResize.Core.Jobs.Thumbnails;

/// <summary>The file name of a thumbnail: the source's name, a suffix for the action, and an extension.</summary>
public static class ThumbnailName
{
    /// <summary>The limit of common file systems.</summary>
    private const int MaxBytes = 255;

    private const int HashLength = 16;
    private const int ShortHashLength = 8;

    /// <summary>Longer text after a dot is part of the name. Includes the dot.</summary>
    private const int MaxExtension = 16;

    /// <param name="sourceName">The last part of the source, for example <c>b.jpg</c>.</param>
    /// <param name="isFormatRequested">If false, the source's own extension stays.</param>
    /// <param name="format">The format of the thumbnail.</param>
    public static string Of(string sourceName, string suffix, bool isFormatRequested, ImageFormat format)
    {
        var extension = Path.GetExtension(sourceName) is { Length: <= MaxExtension } some ? some : "";
        var stem = sourceName[..^extension.Length];
        var ending = suffix + extension;
        if (isFormatRequested && extension != ExtensionOf(format))
        {
            ending = AnotherEnding(suffix, extension, ExtensionOf(format));
        }

        var name = stem + ending;

        return Encoding.UTF8.GetByteCount(name) <= MaxBytes ? name : Shortened(stem, ending);
    }

    public static string ExtensionOf(ImageFormat format) => format.GetExtension();

    /// <summary>Replaces text that is too long for a name, or that must not be visible in it.</summary>
    internal static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashLength];

    /// <summary>If the extension is replaced, the hash in the suffix keeps the thumbnails of a.jpg and a.png distinct.</summary>
    private static string AnotherEnding(string suffix, string extension, string another) =>
        $"{suffix[..(suffix.LastIndexOf('-') + 1)]}{HashOf(suffix + extension)[..ShortHashLength]}{another}";

    /// <summary>A long name ends in a hash of the whole name, so that names with the same beginning stay distinct.</summary>
    private static string Shortened(string stem, string ending)
    {
        var hash = HashOf(stem);
        var room = MaxBytes - Encoding.UTF8.GetByteCount(ending) - HashLength - 1;

        var kept = new StringBuilder();
        foreach (var rune in stem.EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
            {
                break;
            }

            kept.Append(rune);
        }

        return $"{kept}-{hash}{ending}";
    }
}
