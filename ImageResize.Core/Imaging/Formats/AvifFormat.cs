using System.Buffers.Binary;
using ImageResize.Core.Imaging.Formats.Avif;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Metadata;
using ImageResize.Core.Imaging.Vips;
using NetVips;

namespace ImageResize.Core.Imaging.Formats;

/// <summary>AVIF. The bundled decoder reads AV1 only: HEIC has the same container and is refused by name.</summary>
internal sealed class AvifFormat() : VipsFormat("Heif")
{
    // Measured on thumbnails: one step more takes twice as long and saves a few percent of bytes.
    private const int Effort = 2;

    public override string Name => "AVIF";

    public override string ContentType => "image/avif";

    public override IReadOnlyList<string> Extensions => [".avif"];

    public override bool IsOutputChoice => true;

    public override int BytesPerWrittenPixel => 26;

    public override double SecondsPerDecodedMegapixel => 0.035;

    public override double SecondsPerWrittenMegapixel => 0.22;

    /// <summary>The limit of libvips' HEIF writer.</summary>
    public override int MaxWrittenSide => 16_384;

    public override double UninterruptedSecondsPerMegapixel => 1.3;

    public override bool Matches(ReadOnlySpan<byte> start) => MediaBrands.Of(start) is { IsAvif: true };

    /// <summary>
    /// The decoder does not report the bit depth before it decodes, so every AVIF counts as 26 bytes a pixel. Measured: 16 to 20 for
    /// 8 bits, 20 to 26 for 12 bits.
    /// </summary>
    public override (long? Pixels, int BytesPerPixel) EstimateMemory(ReadOnlySpan<byte> file)
    {
        // The largest size that is declared: of the image, of its tiles or of its alpha.
        long? pixels = null;
        var sizes = 0;
        for (int next; (next = file.IndexOf("ispe"u8)) >= 0 && file.Length - next >= 16; file = file[(next + 4)..])
        {
            if (sizes++ == AvifBoxes.MaxItems)
            {
                return (null, 26);
            }

            pixels = Math.Max(pixels ?? 0, ReadSide(file[(next + 8)..]) * ReadSide(file[(next + 12)..]));
        }

        return (pixels, 26);
    }

    public override ImageHeader ReadHeader(ReadOnlyMemory<byte> prefix, Stream rest)
    {
        if (rest.CanSeek)
        {
            AvifBoxes.CheckCount(prefix, rest);
            return base.ReadHeader(prefix, rest);
        }

        ManagedScope.Check(prefix);
        using var copy = SeekableCopy.Of(prefix, rest);
        return ReadHeader(prefix, copy);
    }

    public override ImageHeader ReadHeader(ReadOnlyMemory<byte> file, ImageLimits limits)
    {
        AvifBoxes.CheckCount(file, Stream.Null);
        return base.ReadHeader(file, limits);
    }

    public override byte[] Encode(Image image, EncodeOptions options) => image.HeifsaveBuffer(
        q: options.Quality ?? options.Settings.Avif, compression: Enums.ForeignHeifCompression.Av1, effort: Effort, keep: options.Keep);

    protected override DeclaredColours? FindColours(Image image, ReadOnlySpan<byte> file) =>
        ColourProfile.IsIn(image) ? null : AvifProperties.FindColours(file);

    /// <summary>libvips treats premultiplied colours as straight ones, which makes edges dark.</summary>
    protected override Image DecodePixels(DecodeRequest request, CancellationToken cancellationToken)
    {
        using var source = Libvips.OpenSource(request.File);
        using var stored = Open(source, request.Frames, request.Shrink);
        using var divided = stored.HasAlpha() && AvifProperties.IsPremultiplied(request.File.Span) ? Libvips.Unpremultiply(stored) : null;

        return Resize(divided ?? stored, stored, request, cancellationToken);
    }

    protected override Image Load(Source source, int frames, double shrink) =>
        Image.HeifloadSource(source, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);

    /// <summary>The planes, their copies and the colours made of them are held together.</summary>
    protected override int GetBytesPerPixel(Image image, bool isMultiScan) => 5 * base.GetBytesPerPixel(image, isMultiScan);

    private static long ReadSide(ReadOnlySpan<byte> number) => Math.Min(BinaryPrimitives.ReadUInt32BigEndian(number), int.MaxValue);
}
