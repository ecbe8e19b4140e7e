using System.Runtime.InteropServices;
using NetVips;

namespace ImageResize.Core.Imaging;

/// <summary>Decodes a source straight to a wanted size: upright, 8 bits a channel, sRGB unless its profile is kept.</summary>
internal static class PixelReader
{
    /// <returns>An image whose pixels are all in memory: nothing that follows can meet a damaged source.</returns>
    /// <exception cref="ImageRefusedException">The pixels cannot be decoded.</exception>
    public static Image Read(
        ReadOnlyMemory<byte> bytes, ImageHeader header, Geometry size, int frames, bool keepProfile, CancellationToken cancellationToken)
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
                ImageFormat.Gif => ReadGif(source, header, width, height, frames, cancellationToken),
                _ => ReadShrunk(source, header, width, height, frames, keepProfile, cancellationToken),
            };

            return frames == 1 ? stored.Autorot() : stored.Copy();
        }
        catch (VipsException cause)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw ImageRefusedException.Damaged(cause);
        }
    }

    /// <summary>A libvips source over the caller's bytes: in place where they are an array of their own, else a copy.</summary>
    public static Source Open(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var array) && array.Count == array.Array!.Length
            ? Source.NewFromMemory(array.Array)
            : Source.NewFromMemory(bytes.Span);

    private static Image ReadShrunk(
        Source source, ImageHeader header, int width, int height, int frames, bool keepProfile, CancellationToken cancellationToken)
    {
        var conversion = keepProfile && header.Conversion == ColourConversion.FromProfile ? ColourConversion.None : header.Conversion;
        using var lazy = Libvips.OpenResized(source, header.Format, width, height, frames, conversion);

        return Evaluate(lazy, cancellationToken);
    }

    private static Image ReadGif(
        Source source, ImageHeader header, int width, int height, int frames, CancellationToken cancellationToken)
    {
        using var stored = Libvips.Open(source, ImageFormat.Gif, frames);
        if (stored.Width == header.Width && stored.Height == header.Height * frames)
        {
            using var plain = Resize(stored, width, height);
            return Evaluate(plain, cancellationToken);
        }

        // libvips made the canvas as small (or as large) as the frames; give it back its own size.
        using var decoded = Evaluate(stored, cancellationToken);
        using var onCanvas = FrameStack.Map(decoded, frames, frame => Place(frame, header.Width, header.Height));
        using var resized = Resize(onCanvas, width, height);
        return resized.CopyMemory();
    }

    private static Image Place(Image frame, int width, int height)
    {
        using var withAlpha = frame.HasAlpha() ? frame.Copy() : frame.Bandjoin(byte.MaxValue);
        using var cut = withAlpha.Crop(0, 0, Math.Min(width, frame.Width), Math.Min(height, frame.Height));
        return cut.Embed(0, 0, width, height, extend: Enums.Extend.Black);
    }

    private static Image ReadBmp(ReadOnlySpan<byte> bytes, int width, int height)
    {
        var header = BmpHeader.Parse(bytes);
        var (pixels, bands) = BmpReader.Read(bytes, header);
        using var stored = Image.NewFromMemory(pixels, header.Width, header.Height, bands, Enums.BandFormat.Uchar);
        using var resized = Resize(stored, width, height);
        return resized.CopyMemory();
    }

    private static Image Resize(Image image, int width, int height) =>
        image.ThumbnailImage(width, height: height, size: Enums.Size.Force, noRotate: true);

    private static Image Evaluate(Image lazy, CancellationToken cancellationToken)
    {
        using var kill = cancellationToken.Register(() => lazy.SetKill(true));
        return lazy.CopyMemory();
    }
}
