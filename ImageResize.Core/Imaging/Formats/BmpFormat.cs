using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats.Bmp;
using ImageResize.Core.Imaging.Formats.ImageSharp;
using ImageResize.Core.Imaging.Headers;
using NetVips;
using SixLabors.ImageSharp.Formats.Bmp;

namespace ImageResize.Core.Imaging.Formats;

/// <summary>
/// BMP, of Windows and OS/2. Written by ImageSharp and read by our own code, because ImageSharp gets some kinds wrong
/// (docs/decisions/imagesharp.md).
/// </summary>
internal sealed class BmpFormat : RawFormat
{
    private static readonly BmpEncoder RgbEncoder = new() { BitsPerPixel = BmpBitsPerPixel.Pixel24 };

    // With an alpha mask, in a header of version 4.
    private static readonly BmpEncoder RgbaEncoder = new() { BitsPerPixel = BmpBitsPerPixel.Pixel32, SupportTransparency = true };

    public override string Name => "BMP";

    public override string ContentType => "image/bmp";

    public override IReadOnlyList<string> Extensions => [".bmp"];

    public override double SecondsPerDecodedMegapixel => 0.004;

    public override double SecondsPerWrittenMegapixel => 0.005;

    protected override int DecodedBytesPerPixel => 4;

    public override bool Matches(ReadOnlySpan<byte> start) => BmpHeader.Matches(start);

    public override byte[] Encode(Image image, EncodeOptions options) => SharpImages.Encode(image, RgbEncoder, RgbaEncoder);

    protected override ImageHeader ReadHeader(ReadOnlySpan<byte> start)
    {
        var header = BmpHeader.Parse(start);
        return header.IsSupported ? header.Header : throw ImageFormats.Unsupported("a BMP that wraps another compression");
    }

    protected override (byte[] Pixels, int Bands) ReadPixels(ReadOnlyMemory<byte> file, CancellationToken cancellationToken)
    {
        var header = BmpHeader.Parse(file.Span);
        var pixels = Allocate(header.Header, header.Bands);
        BmpReader.Read(file.Span, header, pixels);
        if (header.Bands == 4)
        {
            ShowInvisible(pixels);
        }

        return (pixels, header.Bands);
    }
}
