using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats.Bmp;
using ImageResize.Core.Imaging.Formats.Gif;
using ImageResize.Core.Imaging.Formats.Png;
using ImageResize.Core.Imaging.Formats.Tiff;
using ImageResize.Core.Imaging.Formats.WebP;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Jpeg;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Imaging.Vips;
using NetVips;

namespace ImageResize.Core.Imaging.Formats;

/// <summary>Reads an image's header: from a stream with nothing behind it, or from memory with all that decoding needs to know.</summary>
internal static class HeaderReader
{
    /// <summary>Reads forward, as far as the header goes; seeks where the stream can.</summary>
    /// <param name="prefix">The stream's first bytes, already read.</param>
    /// <param name="rest">Stands behind the prefix.</param>
    /// <exception cref="RefusedException">No header of a format that we read. What the stream throws goes through.</exception>
    public static ImageHeader Read(ReadOnlyMemory<byte> prefix, Stream rest)
    {
        var format = FormatSniffer.Sniff(prefix.Span);

        return format switch
        {
            ImageFormat.Bmp => BmpHeader.Parse(prefix.Span).Header,
            ImageFormat.Gif => GifHeader.Find(prefix.Span) ?? throw ImageRefusal.NotAnImage(),
            ImageFormat.Jpeg => JpegFastPath.FindHeader(prefix.Span) ?? ReadByLibvips(prefix, rest, format),
            ImageFormat.Png => PngHeader.Find(new ForwardReader(prefix, rest)) ?? throw ImageRefusal.NotAnImage(),
            ImageFormat.WebP => WebPHeader.Find(new ForwardReader(prefix, rest)) ?? throw ImageRefusal.NotAnImage(),
            _ => ReadByLibvips(prefix, rest, format),
        };
    }

    /// <summary>Reads the header of a whole image, and counts its frames. What is too large by its first bytes goes no further.</summary>
    /// <exception cref="RefusedException">No header of a format that we read, or too large.</exception>
    public static ImageHeader Read(ReadOnlyMemory<byte> image, ImageLimits limits)
    {
        var start = image.Span[..Math.Min(image.Length, FormatSniffer.PrefixLength)];
        var format = FormatSniffer.Sniff(start);
        if (format == ImageFormat.Bmp)
        {
            return BmpHeader.Parse(start).Header;
        }

        var early = format switch
        {
            ImageFormat.Gif => GifHeader.Find(start) ?? throw ImageRefusal.NotAnImage(),
            ImageFormat.Png => PngHeader.Find(new ForwardReader(image, Stream.Null)) ?? throw ImageRefusal.NotAnImage(),
            ImageFormat.WebP => WebPHeader.Find(new ForwardReader(image, Stream.Null)) ?? throw ImageRefusal.NotAnImage(),
            _ => null,
        };
        if (early is not null)
        {
            // libvips goes through all frames of a GIF or WebP before it answers.
            limits.CheckDecoded(early, frames: 1);
        }

        try
        {
            using var source = PixelReader.Open(image);
            using var opened = Libvips.Open(source, format);
            var header = ImageHeader.Of(opened, format);
            if (header.HasManyScans)
            {
                JpegScans.Check(image.Span);
            }

            if (format == ImageFormat.Tiff)
            {
                TiffTiles.Check(image.Span);
            }

            // What measuring says of these is what they are.
            return early is null ? header : header with { Width = early.Width, Height = early.Height, Orientation = early.Orientation };
        }
        catch (VipsException cause)
        {
            throw early is null ? Refuse(format, cause) : ImageRefusal.Damaged(cause);
        }
    }

    private static ImageHeader ReadByLibvips(ReadOnlyMemory<byte> prefix, Stream rest, ImageFormat format)
    {
        using var source = new StreamSource(prefix, rest);
        try
        {
            using var image = Libvips.Open(source.Source, format);
            return ImageHeader.Of(image, format);
        }
        catch (VipsException cause)
        {
            source.ThrowFault();
            throw Refuse(format, cause);
        }
    }

    private static RefusedException Refuse(ImageFormat format, VipsException cause) =>
        format == ImageFormat.Tiff && UnsupportedTiff.FindName(cause.Message) is { } name
            ? ImageRefusal.Unsupported(name)
            : ImageRefusal.NotAnImage(cause);
}
