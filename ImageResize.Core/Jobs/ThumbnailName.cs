using System.Security.Cryptography;
using System.Text;
using ImageResize.Core.Imaging.Formats;

namespace ImageResize.Core.Jobs;

/// <summary>What a thumbnail is called: the source's name, what was wanted, and an extension.</summary>
public static class ThumbnailName
{
    /// <summary>What common file systems allow a name.</summary>
    private const int MaxBytes = 255;

    private const int HashLength = 16;
    private const int ShortHashLength = 8;

    /// <summary>What stands behind a dot is taken for an extension up to this length, the dot included.</summary>
    private const int MaxExtension = 16;

    /// <param name="sourceName">The last part of the source, for example <c>b.jpg</c>.</param>
    /// <param name="format">What was written. The source's own extension stays unless another format was asked for.</param>
    public static string Of(string sourceName, WantedThumbnail wanted, ImageFormat format)
    {
        var extension = Path.GetExtension(sourceName) is { Length: <= MaxExtension } some ? some : "";
        var stem = sourceName[..^extension.Length];
        var ending = wanted.Suffix + extension;
        if (wanted.Spec.Format is not null && extension != ExtensionOf(format))
        {
            ending = AnotherEnding(wanted.Suffix, extension, ExtensionOf(format));
        }

        var name = stem + ending;

        return Encoding.UTF8.GetByteCount(name) <= MaxBytes ? name : Shortened(stem, ending);
    }

    public static string ExtensionOf(ImageFormat format) => format.GetExtension();

    /// <summary>In the place of what is too long for a name, or not to be seen in it.</summary>
    internal static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashLength];

    /// <summary>Beside a.jpg there may be an a.png: where the extension is exchanged, the hash in the suffix tells them apart.</summary>
    private static string AnotherEnding(string suffix, string extension, string another) =>
        $"{suffix[..(suffix.LastIndexOf('-') + 1)]}{HashOf(suffix + extension)[..ShortHashLength]}{another}";

    /// <summary>A long name ends in a hash of all of it, so that names alike at their beginning stay apart.</summary>
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
