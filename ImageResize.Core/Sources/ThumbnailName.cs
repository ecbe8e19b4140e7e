using System.Security.Cryptography;
using System.Text;

namespace ImageResize.Core.Sources;

/// <summary>Derives the file name of a thumbnail from that of its source.</summary>
/// <param name="Suffix">Added to the name, for example <c>_resized</c>: <c>a.jpg</c> becomes <c>a_resized.jpg</c>.</param>
/// <param name="Extension">The extension of the thumbnail's format, for example <c>.webp</c>.</param>
/// <param name="IsConverted">Whether a format was requested. Otherwise the thumbnail keeps the extension of the source.</param>
public sealed record ThumbnailName(string Suffix, string Extension, bool IsConverted)
{
    /// <summary>The limit of common file systems.</summary>
    private const int MaxBytes = 255;

    /// <summary>128 bits in hexadecimal digits: names with equal hashes could replace each other's thumbnails.</summary>
    private const int HashLength = 32;

    /// <summary>Longer text after a dot is not taken for an extension. Includes the dot.</summary>
    private const int MaxExtensionLength = 16;

    /// <param name="sourceName">The last part of the source, for example <c>b.jpg</c>.</param>
    public string For(string sourceName)
    {
        var extension = Path.GetExtension(sourceName) is { Length: <= MaxExtensionLength } found ? found : "";
        var stem = sourceName[..^extension.Length];
        var ending = IsConverted && extension != Extension ? ConvertedEnding(extension) : Suffix + extension;
        var name = stem + ending;

        return Encoding.UTF8.GetByteCount(name) <= MaxBytes ? name : Shorten(stem, ending);
    }

    /// <summary>Replaces text that is too long for a name, or must not be visible in it.</summary>
    internal static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashLength];

    /// <summary>If the extension is replaced, a hash in the suffix distinguishes the thumbnails of a.png and a.jpg.</summary>
    private string ConvertedEnding(string extension) =>
        $"{Suffix[..(Suffix.LastIndexOf('-') + 1)]}{HashOf(Suffix + extension)}{Extension}";

    /// <summary>Ends in a hash of the whole name, so that long names with the same start stay different.</summary>
    private static string Shorten(string stem, string ending)
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
