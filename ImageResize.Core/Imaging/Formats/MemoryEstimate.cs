using System.Buffers.Binary;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats.Bmp;
using ImageResize.Core.Imaging.Formats.Gif;
using ImageResize.Core.Imaging.Formats.Tiff;
using ImageResize.Core.Imaging.Formats.WebP;
using ImageResize.Core.Imaging.Jpeg;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Imaging.Formats;

/// <summary>
/// What a picture may hold in memory while it is decoded and its thumbnails are written, in bytes. Asked before any decoder is let near it,
/// so by what its file says of itself. What is refused is decided later, by <see cref="ImageHeader.BytesPerPixel"/>.
/// </summary>
internal static class MemoryEstimate
{
    private const long Megapixel = 1_000_000;

    public static long Of(ReadOnlySpan<byte> source, IReadOnlyList<ThumbnailSpec> specs, ImagingOptions options)
    {
        var start = source[..Math.Min(source.Length, FormatSniffer.PrefixLength)];
        if (FormatSniffer.FindFormat(start) is not { } format)
        {
            return 0;
        }

        // More than is allowed is refused unseen; what we cannot read may be as much.
        var most = options.MaxMegapixels * Megapixel;
        var (found, bytes) = Read(source, start, format);
        var pixels = Math.Min(found ?? most, most);
        var frames = format is ImageFormat.Gif or ImageFormat.WebP && specs.Any(spec => spec.Animated) ? options.MaxFrames : 1;
        var written = specs.Count == 0 ? 0 : specs.Max(spec => Math.Min(pixels, (long)spec.Width * spec.Height) * BytesWritten(spec.Format ?? format));

        return (Math.Min(pixels * frames, most) * bytes) + written;
    }

    /// <summary>Bytes for each pixel of what is decoded. Measured by bench/weights.cs.</summary>
    private static (long? Pixels, int Bytes) Read(ReadOnlySpan<byte> source, ReadOnlySpan<byte> start, ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => ReadJpeg(source),
        ImageFormat.Png when start.Length > 28 => (PixelsAt(start[16..]), start[28] == 0 ? 2 : 8),
        ImageFormat.Gif when GifHeader.Find(start) is { } gif => (gif.DecodedPixels, 7),
        ImageFormat.WebP when WebPHeader.FindSize(start) is { } webP => (webP.DecodedPixels, 5),
        ImageFormat.Tiff => (FindSideOfTiff(source, TiffTag.Width) * FindSideOfTiff(source, TiffTag.Height), 8),
        ImageFormat.Avif => (FindPixelsOfAvif(source), 26),
        ImageFormat.Bmp => (FindPixelsOfBmp(start), 4),
        _ => (null, 8),
    };

    private static int BytesWritten(ImageFormat format) => format == ImageFormat.Avif ? 26 : 16;

    private static (long? Pixels, int Bytes) ReadJpeg(ReadOnlySpan<byte> source)
    {
        var segments = new SegmentReader(source);
        ReadOnlySpan<byte> frame = [];
        var isProgressive = false;
        while (segments.TryRead(out var marker, out var payload))
        {
            if (Marker.IsFrame(marker) && payload.Length >= 6)
            {
                frame = payload;
                isProgressive = Marker.IsProgressive(marker);
            }
            else if (marker == Marker.StartOfScan && !frame.IsEmpty && !payload.IsEmpty)
            {
                // All coefficients are held, two bytes each, until the last of several scans; else a few lines are.
                var isHeld = isProgressive || payload[0] < frame[5];
                var pixels = (long)BinaryPrimitives.ReadUInt16BigEndian(frame[1..]) * BinaryPrimitives.ReadUInt16BigEndian(frame[3..]);

                return (pixels, isHeld ? 1 + (2 * frame[5]) : 0);
            }
        }

        return (null, 8);
    }

    private static long? FindPixelsOfBmp(ReadOnlySpan<byte> start)
    {
        try
        {
            return BmpHeader.Parse(start).Header.DecodedPixels;
        }
        catch (RefusedException)
        {
            return null;
        }
    }

    private static long? FindSideOfTiff(ReadOnlySpan<byte> source, int tag) =>
        TiffDirectory.Read(source, tag) is [<= int.MaxValue and var side, ..] ? (long)side : null;

    /// <summary>The largest of all that are said: of the picture, of its tiles, of its alpha.</summary>
    private static long? FindPixelsOfAvif(ReadOnlySpan<byte> source)
    {
        long? most = null;
        for (int next; (next = source.IndexOf("ispe"u8)) >= 0 && source.Length - next >= 16; source = source[(next + 4)..])
        {
            most = Math.Max(most ?? 0, PixelsAt(source[(next + 8)..]));
        }

        return most;
    }

    private static long PixelsAt(ReadOnlySpan<byte> sides) => Side(sides) * Side(sides[4..]);

    private static long Side(ReadOnlySpan<byte> number) => Math.Min(BinaryPrimitives.ReadUInt32BigEndian(number), int.MaxValue);
}
