using System.Buffers.Binary;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Jpeg;
using ImageResize.Core.Imaging.Jpeg.Segments;
using ImageResize.Core.Imaging.Vips;
using NetVips;

namespace ImageResize.Core.Imaging.Formats;

/// <summary>JPEG. Small thumbnails are made by the fast path; this reads and writes all others.</summary>
internal sealed class JpegFormat() : VipsFormat("Jpeg")
{
    private const string LateHeight = "a JPEG that declares its height after its pixels (DNL)";

    public override string Name => "JPEG";

    public override string ContentType => "image/jpeg";

    public override IReadOnlyList<string> Extensions => [".jpg", ".jpeg", ".jpe", ".jfif"];

    public override bool IsOutputChoice => true;

    public override bool HasTransparency => false;

    public override double SecondsPerDecodedMegapixel => 0.003;

    public override double SecondsPerWrittenMegapixel => 0.02;

    public override bool HasGreyProfiles => true;

    /// <summary>libjpeg's JPEG_MAX_DIMENSION.</summary>
    public override int MaxWrittenSide => 65_500;

    public override bool Matches(ReadOnlySpan<byte> start) => start is [0xFF, 0xD8, 0xFF, ..];

    public override (long? Pixels, int BytesPerPixel) EstimateMemory(ReadOnlySpan<byte> file)
    {
        var segments = new SegmentReader(file);
        ReadOnlySpan<byte> frame = [];
        var isProgressive = false;
        for (var count = 0; count <= SegmentReader.MaxHeaderSegments && segments.TryRead(out var marker, out var payload); count++)
        {
            if (Marker.IsFrame(marker) && payload.Length >= 6)
            {
                frame = payload;
                isProgressive = Marker.IsProgressive(marker);
            }
            else if (marker == Marker.StartOfScan && !frame.IsEmpty && !payload.IsEmpty)
            {
                // With several scans all coefficients are held until the last one, two bytes each. Otherwise a few rows are held.
                var isHeld = isProgressive || payload[0] < frame[5];
                var pixels = (long)BinaryPrimitives.ReadUInt16BigEndian(frame[1..]) * BinaryPrimitives.ReadUInt16BigEndian(frame[3..]);

                return (pixels, isHeld ? 1 + (2 * frame[5]) : 0);
            }
        }

        return (null, 8);
    }

    public override byte[] Encode(Image image, EncodeOptions options) =>
        image.JpegsaveBuffer(q: options.Quality ?? options.Settings.Jpeg, optimizeCoding: true, keep: options.Keep);

    protected override Image Load(Source source, int frames, double shrink) => Libvips.OpenJpeg(source, shrink);

    public override ImageHeader ReadHeader(ReadOnlyMemory<byte> prefix, Stream rest) =>
        FindHeader(prefix, rest) ?? base.ReadHeader(JpegStart.Read(prefix, rest), rest);

    public override ImageHeader ReadHeader(ReadOnlyMemory<byte> file, ImageLimits limits)
    {
        RefuseLateHeight(file.Span);
        var header = base.ReadHeader(file, limits);

        // A thumbnail has the orientation that measuring reports. libvips does not read each way in which it is written.
        return JpegHeader.Find(file.Span) is { } found ? header with { Orientation = found.Orientation } : header;
    }

    protected override ImageHeader? FindHeader(ReadOnlyMemory<byte> prefix, Stream rest)
    {
        RefuseLateHeight(prefix.Span);
        return JpegHeader.Find(prefix.Span) is { } header ? new ImageHeader(header.Width, header.Height, header.Orientation) : null;
    }

    protected override RefusedException RefuseHeader(VipsException cause) =>
        cause.Message.Contains("DNL not supported", StringComparison.Ordinal)
            ? ImageFormats.Unsupported(LateHeight)
            : base.RefuseHeader(cause);

    private static void RefuseLateHeight(ReadOnlySpan<byte> start)
    {
        var segments = new SegmentReader(start);
        for (var count = 0; segments.TryRead(out var marker, out var payload) && marker != Marker.StartOfScan; count++)
        {
            if (count > SegmentReader.MaxHeaderSegments)
            {
                throw JpegStart.TooManySegments();
            }

            if (Marker.IsFrame(marker))
            {
                if (payload.Length >= 6 && payload[1..].StartsWith((ReadOnlySpan<byte>)[0, 0]))
                {
                    throw ImageFormats.Unsupported(LateHeight);
                }
            }
        }
    }

    protected override ImageHeader? FindEarlyHeader(ReadOnlyMemory<byte> file) => null;

    protected override void CheckFile(ReadOnlySpan<byte> file, ImageHeader header)
    {
        if (header.IsMultiScan)
        {
            JpegScans.Check(file);
        }
    }

    /// <summary>A JPEG in several scans is held as two bytes a coefficient until the last one.</summary>
    protected override int GetBytesPerPixel(Image image, bool isMultiScan)
    {
        var isHalved = image.Contains("jpeg-chroma-subsample") && image.Get("jpeg-chroma-subsample") is "4:2:0";

        return base.GetBytesPerPixel(image, isMultiScan) + (!isMultiScan ? 0 : isHalved ? image.Bands : 2 * image.Bands);
    }

    protected override Image DecodePixels(DecodeRequest request, CancellationToken cancellationToken) =>
        JpegWarnings.FailOnDamage(request.File, (jpeg, failOn) =>
        {
            using var source = Libvips.OpenSource(jpeg);
            using var stored = Libvips.OpenJpeg(source, request.Shrink, failOn);

            return Resize(stored, stored, request, cancellationToken);
        });
}
