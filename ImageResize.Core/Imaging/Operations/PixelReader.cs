using System.Drawing;
using System.Runtime.InteropServices;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Formats.Bmp;
using ImageResize.Core.Imaging.Formats.Gif;
using ImageResize.Core.Imaging.Formats.Tiff;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Vips;
using NetVips;

namespace ImageResize.Core.Imaging.Operations;

/// <summary>Decodes a source straight to a wanted size: upright, 8 bits a channel, sRGB unless its profile is kept.</summary>
internal static class PixelReader
{
    /// <returns>An image whose pixels are all in memory: nothing that follows can meet a damaged source.</returns>
    /// <exception cref="RefusedException">The pixels cannot be decoded.</exception>
    public static Image Read(
        ReadOnlyMemory<byte> bytes, ImageHeader header, TargetSize size, int frames, bool keepProfile, CancellationToken cancellationToken)
    {
        // An animation's frames lie in one image that cannot be turned; nobody writes an orientation into one.
        var turned = header.IsTurned && frames == 1;
        var (width, height) = turned ? (size.Height, size.Width) : (size.Width, size.Height);
        try
        {
            using var source = Open(bytes);
            using var stored = header.Format switch
            {
                ImageFormat.Bmp => ReadBmp(bytes.Span, width, height),
                ImageFormat.Gif => ReadGif(source, bytes.Span, header, width, height, frames, cancellationToken),
                ImageFormat.Tiff => ReadTiff(bytes, header, width, height, keepProfile, cancellationToken),
                ImageFormat.Jpeg => ReadJpeg(bytes, header, width, height, keepProfile, cancellationToken),
                _ => ReadShrunk(source, header, width, height, frames, keepProfile, Enums.FailOn.Error, cancellationToken),
            };

            // Beyond red, green, blue and alpha there are layers that no picture format but TIFF knows.
            using var plain = stored.Bands > 4 ? stored.ExtractBand(0, n: 3) : stored.Copy();
            return frames == 1 ? Upright(plain, header.Orientation) : plain.Copy();
        }
        catch (VipsException cause)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw header.Format == ImageFormat.Tiff && UnsupportedTiff.FindName(bytes.Span) is { } name
                ? ImageRefusal.Unsupported(name)
                : ImageRefusal.Damaged(cause);
        }
    }

    /// <summary>A libvips source over the caller's bytes: in place where they are an array of their own, else a copy.</summary>
    public static Source Open(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var array) && array.Count == array.Array!.Length
            ? Source.NewFromMemory(array.Array)
            : Source.NewFromMemory(bytes.Span);

    private static Image ReadJpeg(
        ReadOnlyMemory<byte> bytes, ImageHeader header, int width, int height, bool keepProfile, CancellationToken cancellationToken) =>
        JpegWarnings.Heed(bytes, failsOn =>
        {
            using var source = Open(bytes);
            return ReadShrunk(source, header, width, height, 1, keepProfile, failsOn, cancellationToken);
        });

    private static Image ReadShrunk(
        Source source,
        ImageHeader header,
        int width,
        int height,
        int frames,
        bool keepProfile,
        Enums.FailOn jpegFailsOn,
        CancellationToken cancellationToken)
    {
        var shrink = Math.Min((double)header.Width / width, (double)header.Height / height);
        using var stored = Libvips.Open(source, header.Format, frames, shrink, jpegFailsOn);
        using var lazy = Libvips.Resize(stored, width, height, ConversionOf(header, keepProfile));

        return Evaluate(lazy, stored, cancellationToken);
    }

    private static Image ReadTiff(
        ReadOnlyMemory<byte> bytes, ImageHeader header, int width, int height, bool keepProfile, CancellationToken cancellationToken)
    {
        try
        {
            return ReadTiffAsItIs(bytes, header, width, height, keepProfile, cancellationToken);
        }
        catch (VipsException) when (!cancellationToken.IsCancellationRequested && UnsupportedTiff.FindName(bytes.Span) is null)
        {
            return ReadTiffAsItIs(MinimalTiff.Of(bytes.Span), header, width, height, keepProfile, cancellationToken);
        }
    }

    private static Image ReadTiffAsItIs(
        ReadOnlyMemory<byte> bytes, ImageHeader header, int width, int height, bool keepProfile, CancellationToken cancellationToken)
    {
        CheckTiff(bytes.Span, cancellationToken);
        using var source = Open(bytes);
        using var stored = Libvips.Open(source, ImageFormat.Tiff);
        using var ordinary = TiffColours.Find(stored, bytes.Span, () => Evaluate(stored, stored, cancellationToken));
        using var lazy = Libvips.Resize(ordinary ?? stored, width, height, ConversionOf(header, keepProfile));

        return Evaluate(lazy, stored, cancellationToken);
    }

    private static void CheckTiff(ReadOnlySpan<byte> bytes, CancellationToken cancellationToken)
    {
        if (TiffJpeg.IsIn(bytes))
        {
            TiffJpeg.Check(bytes, cancellationToken);
        }
        else if (TiffTiles.FindStrips(bytes) is { } strips)
        {
            using var source = Source.NewFromMemory(strips);
            using var image = Libvips.Open(source, ImageFormat.Tiff);
            Libvips.ReadAll(image, cancellationToken);
        }
    }

    private static ColourConversion ConversionOf(ImageHeader header, bool keepProfile) =>
        keepProfile && header.Conversion == ColourConversion.FromProfile ? ColourConversion.None : header.Conversion;

    private static Image ReadGif(
        Source source,
        ReadOnlySpan<byte> bytes,
        ImageHeader header,
        int width,
        int height,
        int frames,
        CancellationToken cancellationToken)
    {
        GifFrames.Check(bytes, frames);
        using var stored = Libvips.Open(source, ImageFormat.Gif, frames);
        var all = new Rectangle(0, 0, stored.Width, stored.Height / frames);
        var drawn = frames == 1 && !stored.HasAlpha() ? Rectangle.Intersect(all, GifFrames.FindFirstPlace(bytes)) : all;
        if (all.Size == new Size(header.Width, header.Height) && (drawn == all || drawn.IsEmpty))
        {
            using var lazy = Libvips.Resize(stored, width, height);
            return Evaluate(lazy, stored, cancellationToken);
        }

        // libvips made the canvas as small (or as large) as the frames; give it back its own size. And around a frame that covers
        // a part of it, nothing is drawn: libvips makes that black, where nothing else is transparent.
        using var decoded = Evaluate(stored, stored, cancellationToken);
        using var onCanvas = FrameStack.Map(
            decoded, frames, frame => Place(frame, drawn.IsEmpty ? all : drawn, header.Width, header.Height));
        using var resized = Libvips.Resize(onCanvas, width, height);
        return resized.CopyMemory();
    }

    private static Image Place(Image frame, Rectangle drawn, int width, int height)
    {
        using var withAlpha = frame.HasAlpha() ? frame.Copy() : frame.Bandjoin(byte.MaxValue);
        using var cut = withAlpha.Crop(
            drawn.Left, drawn.Top, Math.Min(width, drawn.Right) - drawn.Left, Math.Min(height, drawn.Bottom) - drawn.Top);
        return cut.Embed(drawn.Left, drawn.Top, width, height, extend: Enums.Extend.Black);
    }

    private static Image ReadBmp(ReadOnlySpan<byte> bytes, int width, int height)
    {
        var header = BmpHeader.Parse(bytes);
        var (pixels, bands) = BmpReader.Read(bytes, header);
        using var stored = Image.NewFromMemory(pixels, header.Width, header.Height, bands, Enums.BandFormat.Uchar);
        using var resized = Libvips.Resize(stored, width, height);
        return resized.CopyMemory();
    }

    // As the header was read, which is what measuring reports: libvips reads other tags, or the same ones otherwise.
    private static Image Upright(Image image, int orientation)
    {
        using var told = image.Mutate(copy => copy.Set(GValue.GIntType, "orientation", orientation));
        return told.Autorot();
    }

    /// <summary>Computes the pixels of the one out of the other's; cancelling stops them there, while they are decoded.</summary>
    private static Image Evaluate(Image lazy, Image stored, CancellationToken cancellationToken)
    {
        using var kill = cancellationToken.Register(() => stored.SetKill(true));
        return lazy.CopyMemory();
    }
}
