using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats.ImageSharp;
using ImageResize.Core.Imaging.Formats.Tga;
using ImageResize.Core.Imaging.Headers;
using NetVips;
using SixLabors.ImageSharp.Formats.Tga;
using SixLabors.ImageSharp.PixelFormats;

namespace ImageResize.Core.Imaging.Formats;

/// <summary>TGA, read and written by ImageSharp. Kinds that it gets wrong are refused by name.</summary>
internal sealed class TgaFormat : RawFormat
{
    private static readonly TgaDecoder Decoder = new();

    private static readonly TgaEncoder RgbEncoder =
        new() { BitsPerPixel = TgaBitsPerPixel.Pixel24, Compression = TgaCompression.RunLength };

    private static readonly TgaEncoder RgbaEncoder =
        new() { BitsPerPixel = TgaBitsPerPixel.Pixel32, Compression = TgaCompression.RunLength };

    public override string Name => "TGA";

    public override string ContentType => "image/x-tga";

    public override IReadOnlyList<string> Extensions => [".tga"];

    public override bool IsSignatureWeak => true;

    public override int MaxWrittenSide => ushort.MaxValue;

    public override double SecondsPerDecodedMegapixel => 0.02;

    public override double SecondsPerWrittenMegapixel => 0.02;

    protected override int DecodedBytesPerPixel => 8;

    public override bool Matches(ReadOnlySpan<byte> start) => TgaHeader.Find(start) is not null;

    public override byte[] Encode(Image image, EncodeOptions options) => SharpImages.Encode(image, RgbEncoder, RgbaEncoder);

    protected override ImageHeader ReadHeader(ReadOnlySpan<byte> start) => Parse(start).Header;

    protected override (byte[] Pixels, int Bands) ReadPixels(ReadOnlyMemory<byte> file, CancellationToken cancellationToken)
    {
        var header = Parse(file.Span);
        TgaPixels.Check(file.Span, header);
        if (!header.HasAlpha)
        {
            return (SharpImages.Decode<Rgb24>(Decoder, file, cancellationToken), 3);
        }

        var pixels = SharpImages.Decode<Rgba32>(Decoder, file, cancellationToken);
        ShowInvisible(pixels);
        return (pixels, 4);
    }

    /// <exception cref="RefusedException">The header is invalid, or describes an image that is not read.</exception>
    private static TgaHeader Parse(ReadOnlySpan<byte> start)
    {
        var header = TgaHeader.Find(start) ?? throw ImageRefusal.NotAnImage();
        return header.UnsupportedKind is { } kind ? throw ImageFormats.Unsupported(kind) : header;
    }
}
