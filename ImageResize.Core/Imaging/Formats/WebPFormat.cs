using ImageResize.Core.Imaging.Formats.WebP;
using ImageResize.Core.Imaging.Headers;
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

    public override bool Matches(ReadOnlySpan<byte> start) =>
        start.Length >= 12 && start.StartsWith("RIFF"u8) && start[8..].StartsWith("WEBP"u8);

    public override (long? Pixels, int BytesPerPixel) EstimateMemory(ReadOnlySpan<byte> file) =>
        WebPHeader.FindSize(file) is { } header ? (header.DecodedPixels, 5) : (null, 8);

    public override byte[] Encode(Image image, EncodeOptions options) =>
        image.WebpsaveBuffer(q: options.Quality ?? options.Settings.WebP, keep: options.Keep);

    protected override Image Load(Source source, int frames, double shrink) => Image.WebploadSource(
        source, n: frames, scale: 1 / Math.Max(1, shrink), access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);

    protected override ImageHeader? FindHeader(ReadOnlyMemory<byte> prefix, Stream rest) =>
        WebPHeader.Find(new ForwardReader(prefix, rest)) ?? throw ImageRefusal.NotAnImage();
}
