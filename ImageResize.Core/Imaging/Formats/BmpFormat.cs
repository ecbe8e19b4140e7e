using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats.Bmp;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Vips;
using NetVips;

namespace ImageResize.Core.Imaging.Formats;

/// <summary>BMP, of Windows and OS/2. libvips has no loader for it.</summary>
internal sealed class BmpFormat : Format
{
    public override string Name => "BMP";

    public override string ContentType => "image/bmp";

    public override IReadOnlyList<string> Extensions => [".bmp"];

    public override double SecondsPerDecodedMegapixel => 0.015;

    public override double SecondsPerWrittenMegapixel => 0.005;

    public override bool Matches(ReadOnlySpan<byte> start) => BmpHeader.Matches(start);

    public override ImageHeader ReadHeader(ReadOnlyMemory<byte> prefix, Stream rest) => Parse(prefix.Span).Header;

    public override ImageHeader ReadHeader(ReadOnlyMemory<byte> file, ImageLimits limits) => Parse(file.Span).Header;

    public override (long? Pixels, int BytesPerPixel) EstimateMemory(ReadOnlySpan<byte> file)
    {
        try
        {
            return (Parse(file).Header.Pixels, 4);
        }
        catch (RefusedException)
        {
            return (null, 4);
        }
    }

    public override Image Decode(DecodeRequest request, CancellationToken cancellationToken)
    {
        var (pixels, bands) = BmpReader.Read(request.File.Span, BmpHeader.Parse(request.File.Span));
        using var stored = Image.NewFromMemory(pixels, request.Header.Width, request.Header.Height, bands, Enums.BandFormat.Uchar);
        using var resized = Libvips.Resize(stored, request.Width, request.Height);

        return resized.CopyMemory();
    }

    public override byte[] Encode(Image image, EncodeOptions options)
    {
        using var colour = image.Colourspace(Enums.Interpretation.Srgb);
        return BmpWriter.Write(colour.WriteToMemory<byte>(), colour.Width, colour.Height, colour.Bands);
    }

    private static BmpHeader Parse(ReadOnlySpan<byte> start)
    {
        var header = BmpHeader.Parse(start);
        return header.IsSupported ? header : throw ImageFormats.Unsupported("a BMP that wraps another compression");
    }
}
