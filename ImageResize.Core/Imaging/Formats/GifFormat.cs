using System.Drawing;
using ImageResize.Core.Imaging.Formats.Gif;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Vips;
using NetVips;

namespace ImageResize.Core.Imaging.Formats;

/// <summary>GIF. libvips' decoder gets the canvas wrong in some files; here it has the size that the header declares.</summary>
internal sealed class GifFormat() : VipsFormat("Nsgif")
{
    // Measured on thumbnails: one step more takes twice as long and saves a few percent of bytes.
    private const int Effort = 3;

    public override string Name => "GIF";

    public override string ContentType => "image/gif";

    public override IReadOnlyList<string> Extensions => [".gif"];

    public override bool CanAnimate => true;

    public override double SecondsPerDecodedMegapixel => 0.024;

    public override double SecondsPerWrittenMegapixel => 0.49;

    public override bool Matches(ReadOnlySpan<byte> start) => start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8);

    public override (long? Pixels, int BytesPerPixel) EstimateMemory(ReadOnlySpan<byte> file) =>
        GifHeader.Find(file[..Math.Min(file.Length, ImageFormats.PrefixLength)]) is { } header ? (header.DecodedPixels, 7) : (null, 8);

    public override byte[] Encode(Image image, EncodeOptions options) => image.GifsaveBuffer(effort: Effort, keep: options.Keep);

    protected override Image Load(Source source, int frames, double shrink) =>
        Image.GifloadSource(source, n: frames, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);

    protected override ImageHeader? FindHeader(ReadOnlyMemory<byte> prefix, Stream rest) =>
        GifHeader.Find(prefix.Span[..Math.Min(prefix.Length, ImageFormats.PrefixLength)]) ?? throw ImageRefusal.NotAnImage();

    protected override Image DecodePixels(DecodeRequest request, CancellationToken cancellationToken)
    {
        var (header, frames) = (request.Header, request.Frames);
        GifFrames.Check(request.File.Span, frames);
        using var source = Libvips.OpenSource(request.File);
        using var stored = Open(source, frames, shrink: 1);
        var all = new Rectangle(0, 0, stored.Width, stored.Height / frames);
        var drawn = frames == 1 && !stored.HasAlpha() ? Rectangle.Intersect(all, GifFrames.FindFirstPlace(request.File.Span)) : all;
        if (all.Size == new Size(header.Width, header.Height) && (drawn == all || drawn.IsEmpty))
        {
            return Resize(stored, stored, request, cancellationToken);
        }

        // libvips makes the canvas as large as the frames, and black around a frame that covers a part of it if nothing is transparent.
        using var decoded = Libvips.Evaluate(stored, stored, cancellationToken);
        using var onCanvas = FrameStack.Map(
            decoded, frames, frame => PlaceOnCanvas(frame, drawn.IsEmpty ? all : drawn, header.Width, header.Height));
        using var resized = Libvips.Resize(onCanvas, request.Width, request.Height);
        return resized.CopyMemory();
    }

    private static Image PlaceOnCanvas(Image frame, Rectangle drawn, int width, int height)
    {
        using var withAlpha = frame.HasAlpha() ? frame.Copy() : frame.Bandjoin(byte.MaxValue);
        using var cut = withAlpha.Crop(
            drawn.Left, drawn.Top, Math.Min(width, drawn.Right) - drawn.Left, Math.Min(height, drawn.Bottom) - drawn.Top);
        return cut.Embed(drawn.Left, drawn.Top, width, height, extend: Enums.Extend.Black);
    }
}
