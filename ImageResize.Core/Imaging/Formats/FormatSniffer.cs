using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats.Bmp;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Formats;

/// <summary>Decides what an image is by its first bytes. A name or a declared type is never asked.</summary>
internal static class FormatSniffer
{
    /// <summary>As many first bytes as a decision may need: an SVG can hide behind a long XML preamble.</summary>
    public const int PrefixLength = 4096;

    /// <exception cref="RefusedException">A format that we do not read, by name, or no image at all.</exception>
    public static ImageFormat Sniff(ReadOnlySpan<byte> start) =>
        FindFormat(start)
        ?? throw (UnsupportedFormats.FindName(start) is { } name
            ? ImageRefusal.Unsupported(name)
            : ImageRefusal.NotAnImage());

    public static ImageFormat? FindFormat(ReadOnlySpan<byte> start) => start switch
    {
        [0xFF, 0xD8, 0xFF, ..] => ImageFormat.Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => ImageFormat.Png,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => ImageFormat.Gif,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ImageFormat.WebP,
        [(byte)'I', (byte)'I', 42 or 43, 0, ..] => ImageFormat.Tiff, // 43 is BigTIFF.
        [(byte)'M', (byte)'M', 0, 42 or 43, ..] => ImageFormat.Tiff,
        _ when BmpHeader.Announces(start) => ImageFormat.Bmp,
        _ when MediaBrands.Of(start) is { IsAvif: true } => ImageFormat.Avif,
        _ => null,
    };
}
