using ImageResize.Core.Imaging.Formats.WebP;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Vips;
using NetVips;

namespace ImageResize.Core.Imaging.Formats;

/// <summary>WebP, lossy or lossless, still or animated.</summary>
internal sealed class WebPFormat() : VipsFormat("Webp")
{
    public override string Name => "WebP";

    public override string ContentType => "image/webp";

    public override IReadOnlyList<string> Extensions => [".webp"];

    public override bool IsOutputChoice => true;

    public override bool CanAnimate => true;

    public override double SecondsPerDecodedMegapixel => 0.009;

    public override double SecondsPerWrittenMegapixel => 0.09;

    public override int MaxWrittenSide => 16_383;

    public override bool Matches(ReadOnlySpan<byte> start) =>
        start.Length >= 12 && start.StartsWith("RIFF"u8) && start[8..].StartsWith("WEBP"u8);

    public override (long? Pixels, int BytesPerPixel) EstimateMemory(ReadOnlySpan<byte> file) =>
        WebPHeader.FindSize(file) is { } header ? (header.DecodedPixels, 5) : (null, 8);

    public override byte[] Encode(Image image, EncodeOptions options) =>
        image.WebpsaveBuffer(q: options.Quality ?? options.Settings.WebP, keep: options.Keep);

    protected override Image DecodePixels(DecodeRequest request, CancellationToken cancellationToken)
    {
        var (header, frames) = (request.Header, request.Frames);
        var mask = FrameCoverage.FindMask(WebPFrames.FindPlaces(request.File.Span, frames), header.Width, header.Height);
        if (mask is null)
        {
            return base.DecodePixels(request, cancellationToken);
        }

        using var source = Libvips.OpenSource(request.File);
        using var stored = Open(source, frames, shrink: 1);
        using var decoded = Libvips.Evaluate(stored, stored, cancellationToken);
        using var masked = FrameCoverage.Apply(decoded, mask);

        return Resize(masked, masked, request, cancellationToken);
    }

    protected override Image Load(Source source, int frames, double shrink) => Image.WebploadSource(
        source, n: frames, scale: 1 / Math.Max(1, shrink), access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);

    protected override ImageHeader? FindEarlyHeader(ReadOnlyMemory<byte> file)
    {
        WebPFrames.CheckCount(file.Span);
        return base.FindEarlyHeader(file);
    }

    protected override ImageHeader? FindHeader(ReadOnlyMemory<byte> prefix, Stream rest) =>
        WebPHeader.Find(new ForwardReader(prefix, rest)) ?? throw ImageRefusal.NotAnImage();
}
