using System.Reflection;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Formats;

/// <summary>All formats, with their properties.</summary>
public static class ImageFormats
{
    /// <summary>As many first bytes as recognizing a format can need: an SVG can begin with a long XML preamble.</summary>
    public const int PrefixLength = 4096;

    /// <summary>Extensions of files that are images by their name, with the dot, in lower case.</summary>
    public static IReadOnlyList<string> Extensions => [.. All.SelectMany(format => format.Extensions)];

    /// <summary>Extensions of images in formats that are not supported, with the dot.</summary>
    public static IReadOnlyList<string> UnsupportedExtensions => UnsupportedFormats.Extensions;

    internal static IReadOnlyList<Format> All { get; } = [.. Enum.GetValues<ImageFormat>().Select(Create)];

    private static readonly string[] Names = [.. Enum.GetNames<ImageFormat>().Select(name => name.ToLowerInvariant())];

    public static string GetContentType(this ImageFormat format) => Get(format).ContentType;

    /// <returns>The name in the API and in metrics, for example <c>jpeg</c>.</returns>
    public static string GetName(this ImageFormat format) => Names[(int)format];

    /// <returns>The usual extension, with the dot.</returns>
    public static string GetExtension(this ImageFormat format) => Get(format).Extensions[0];

    /// <summary>The format that a file probably has by its name. Only for estimates: the format is recognized by the bytes.</summary>
    public static ImageFormat? FindByExtension(string name) =>
        All.FirstOrDefault(format => format.Extensions.Any(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase)))?.Id;

    /// <summary>Recognizes a format by the first bytes of a file. Names and declared types are not used.</summary>
    /// <param name="start">Up to <see cref="PrefixLength"/> bytes.</param>
    /// <exception cref="RefusedException">A format that is not read, by its name, or not an image.</exception>
    public static ImageFormat Recognize(ReadOnlySpan<byte> start) =>
        Find(start)
        ?? throw (start.IsEmpty ? ImageRefusal.Empty()
            : UnsupportedFormats.FindName(start) is { } name ? Unsupported(name)
            : ImageRefusal.NotAnImage());

    /// <summary>Decides by its first bytes whether a file can be an image.</summary>
    /// <param name="start">Up to <see cref="PrefixLength"/> bytes.</param>
    /// <returns>Why the file is refused; null if its format is supported.</returns>
    public static ErrorCode? FindRefusal(ReadOnlySpan<byte> start)
    {
        if (Find(start) is { } format)
        {
            return Get(format).IsUnsupportedKind(start) ? ErrorCode.UnsupportedFormat : null;
        }

        return start.IsEmpty ? ErrorCode.SourceEmpty
            : UnsupportedFormats.FindName(start) is null ? ErrorCode.NotAnImage
            : ErrorCode.UnsupportedFormat;
    }

    internal static Format Get(ImageFormat format) => All[(int)format];

    internal static ImageFormat? Find(ReadOnlySpan<byte> start) =>
        Find(start, isWeak: false) ?? (UnsupportedFormats.FindName(start) is null ? Find(start, isWeak: true) : null);

    /// <param name="name">The format with its article if it needs one: "a TIFF with an unusual number of channels".</param>
    internal static RefusedException Unsupported(string name) => new(
        ErrorCode.UnsupportedFormat,
        $"The image is {name}, a format that is not read here. "
        + $"{string.Join(", ", All.SkipLast(1).Select(format => format.Name))} and {All[^1].Name} are.");

    private static ImageFormat? Find(ReadOnlySpan<byte> start, bool isWeak)
    {
        foreach (var format in All)
        {
            if (format.IsSignatureWeak == isWeak && format.Matches(start))
            {
                return format.Id;
            }
        }

        return null;
    }

    private static Format Create(ImageFormat id) =>
        typeof(ImageFormat).GetField(id.ToString())!.GetCustomAttribute<FormatAttribute>()!.Create(id);
}
