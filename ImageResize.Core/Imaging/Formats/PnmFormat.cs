using System.Text;
using ImageResize.Core.Imaging.Formats.Pnm;
using ImageResize.Core.Imaging.Headers;
using NetVips;

namespace ImageResize.Core.Imaging.Formats;

/// <summary>
/// PBM, PGM and PPM, as text or binary. Written as binary PPM. Read by our own code, because ImageSharp gets most of them wrong
/// (docs/decisions/imagesharp.md).
/// </summary>
internal sealed class PnmFormat : RawFormat
{
    public override string Name => "PNM";

    public override string ContentType => "image/x-portable-anymap";

    public override IReadOnlyList<string> Extensions => [".ppm", ".pgm", ".pbm", ".pnm"];

    public override bool HasTransparency => false;

    public override double SecondsPerDecodedMegapixel => 0.003;

    public override double SecondsPerWrittenMegapixel => 0.004;

    protected override int DecodedBytesPerPixel => 3;

    public override bool Matches(ReadOnlySpan<byte> start) => PnmHeader.Matches(start);

    public override byte[] Encode(Image image, EncodeOptions options)
    {
        using var colour = image.Colourspace(Enums.Interpretation.Srgb);

        return [.. Encoding.ASCII.GetBytes($"P6\n{colour.Width} {colour.Height}\n{byte.MaxValue}\n"), .. colour.WriteToMemory<byte>()];
    }

    protected override ImageHeader ReadHeader(ReadOnlySpan<byte> start) => PnmHeader.Parse(start).Header;

    protected override (byte[] Pixels, int Bands) ReadPixels(ReadOnlyMemory<byte> file, CancellationToken cancellationToken)
    {
        var header = PnmHeader.Parse(file.Span[..Math.Min(file.Length, ImageFormats.PrefixLength)]);
        var pixels = Allocate(header.Header, header.Bands);
        PnmReader.Read(file.Span, header, pixels);

        return (pixels, header.Bands);
    }
}
