using System.Buffers.Binary;
using ImageResize.Core.Imaging.Formats.Png;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Metadata;
using NetVips;

namespace ImageResize.Core.Imaging.Formats;

/// <summary>PNG. Of an APNG the default image is read.</summary>
internal sealed class PngFormat() : VipsFormat("Png")
{
    private const int WidthAt = 16;
    private const int InterlaceAt = 28;

    public override string Name => "PNG";

    public override string ContentType => "image/png";

    public override IReadOnlyList<string> Extensions => [".png"];

    public override bool IsOutputChoice => true;

    public override double SecondsPerDecodedMegapixel => 0.007;

    public override double SecondsPerWrittenMegapixel => 0.01;

    public override bool HasGreyProfiles => true;

    public override bool Matches(ReadOnlySpan<byte> start) => start.StartsWith(PngText.Signature);

    public override (long? Pixels, int BytesPerPixel) EstimateMemory(ReadOnlySpan<byte> file)
    {
        if (file.Length <= InterlaceAt)
        {
            return (null, 8);
        }

        var (width, height) = (ReadSide(file[WidthAt..]), ReadSide(file[(WidthAt + 4)..]));
        return (width * height, file[InterlaceAt] == 0 ? 2 : 8);
    }

    public override ReadOnlyMemory<byte> Prepare(ReadOnlyMemory<byte> file) => PngText.Remove(file);

    public override byte[] Encode(Image image, EncodeOptions options)
    {
        var plain = image.PngsaveBuffer(keep: options.Keep);
        return PngPalette.TryWrite(image, options.Keep) is { } small && small.Length <= plain.Length ? small : plain;
    }

    protected override Image Load(Source source, int frames, double shrink) =>
        Image.PngloadSource(source, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);

    protected override ImageHeader? FindHeader(ReadOnlyMemory<byte> prefix, Stream rest) =>
        PngHeader.IsAppleVariant(prefix.Span) ? throw ImageFormats.Unsupported("a PNG of Apple's own kind (CgBI)")
        : PngHeader.Find(new ForwardReader(prefix, rest)) ?? throw ImageRefusal.NotAnImage();

    protected override DeclaredColours? FindColours(Image image, ReadOnlySpan<byte> file) => PngColours.Find(file);

    private static long ReadSide(ReadOnlySpan<byte> number) => Math.Min(BinaryPrimitives.ReadUInt32BigEndian(number), int.MaxValue);
}
