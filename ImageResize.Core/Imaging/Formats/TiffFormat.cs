using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats.Tiff;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Vips;
using NetVips;

namespace ImageResize.Core.Imaging.Formats;

/// <summary>TIFF and BigTIFF: the first page. Kinds that libvips does not read are refused by name.</summary>
internal sealed class TiffFormat() : VipsFormat("Tiff")
{
    private const byte BigTiff = 43;

    public override string Name => "TIFF";

    public override string ContentType => "image/tiff";

    public override IReadOnlyList<string> Extensions => [".tif", ".tiff"];

    public override double SecondsPerDecodedMegapixel => 0.004;

    public override double SecondsPerWrittenMegapixel => 0.025;

    public override bool HasGreyProfiles => true;

    /// <summary>Without the other pages, and with a changed directory.</summary>
    public override int CopiesOfFile => 2;

    public override bool Matches(ReadOnlySpan<byte> start) =>
        start is [(byte)'I', (byte)'I', 42 or BigTiff, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or BigTiff, ..];

    public override bool IsUnsupportedKind(ReadOnlySpan<byte> start) => CameraRaw.FindName(start) is not null;

    public override (long? Pixels, int BytesPerPixel) EstimateMemory(ReadOnlySpan<byte> file) =>
        (FindSide(file, TiffTag.Width) * FindSide(file, TiffTag.Height), 8);

    /// <exception cref="RefusedException">Camera raw, YCbCr with more channels, or an invalid header.</exception>
    public override ImageHeader ReadHeader(ReadOnlyMemory<byte> prefix, Stream rest)
    {
        RefuseUnread(prefix.Span);
        if (rest.CanSeek)
        {
            var directory = TiffDirectory.ReadFirst(prefix, rest);
            RefuseUnread(directory);
            using var first = FirstPageStream.Of(prefix, rest, directory);
            return base.ReadHeader(first.Prefix, first);
        }

        // The directory is often behind the pixels.
        ManagedScope.Check(prefix);
        using var copy = SeekableCopy.Of(prefix, rest);
        return ReadHeader(prefix, copy);
    }

    public override ReadOnlyMemory<byte> Prepare(ReadOnlyMemory<byte> file) => TiffDirectory.RemoveOtherPages(file);

    public override ImageHeader ReadHeader(ReadOnlyMemory<byte> file, ImageLimits limits)
    {
        RefuseUnread(file.Span);
        return base.ReadHeader(file, limits);
    }

    public override byte[] Encode(Image image, EncodeOptions options) => image.TiffsaveBuffer(
        compression: Enums.ForeignTiffCompression.Lzw, predictor: Enums.ForeignTiffPredictor.Horizontal, keep: options.Keep);

    protected override Image Load(Source source, int frames, double shrink) =>
        Image.TiffloadSource(source, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);

    protected override void CheckFile(ReadOnlySpan<byte> file, ImageHeader header) => TiffTiles.Check(file);

    protected override RefusedException RefuseHeader(VipsException cause) =>
        UnsupportedTiff.FindName(cause.Message) is { } name ? ImageFormats.Unsupported(name) : base.RefuseHeader(cause);

    protected override RefusedException RefusePixels(ReadOnlySpan<byte> file, VipsException cause) =>
        UnsupportedTiff.FindName(file) is { } name ? ImageFormats.Unsupported(name) : base.RefusePixels(file, cause);

    /// <summary>A TIFF has the structure of an EXIF block, and libvips does not return these tags of a TIFF.</summary>
    protected override ReadOnlySpan<byte> GetExif(Image image, ReadOnlySpan<byte> file) => file;

    protected override Image DecodePixels(DecodeRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return DecodeAsIs(request, cancellationToken);
        }
        catch (VipsException) when (!cancellationToken.IsCancellationRequested && UnsupportedTiff.FindName(request.File.Span) is null)
        {
            return DecodeAsIs(request with { File = MinimalTiff.Of(request.File.Span) }, cancellationToken);
        }
    }

    private Image DecodeAsIs(DecodeRequest request, CancellationToken cancellationToken)
    {
        CheckPieces(request.File.Span, cancellationToken);
        var isOdd = TiffSamples.HasOddAssociatedAlpha(request.File.Span);
        using var source = Libvips.OpenSource(isOdd ? TiffSamples.WithoutDescription(request.File.Span) : request.File);
        using var stored = Open(source, frames: 1, shrink: 1);
        using var selected = TiffSamples.Select(stored, request.File.Span) ?? stored.Copy();
        if (TiffColours.HasSignedAlpha(selected))
        {
            throw ImageFormats.Unsupported("a TIFF in CIELAB colours with transparency");
        }

        using var converted = TiffColours.Find(selected, request.File.Span, () => Libvips.Evaluate(selected, stored, cancellationToken));
        using var divided = isOdd ? TiffSamples.Divide(converted ?? selected, request.File.Span) : null;

        return Resize(divided ?? converted ?? selected, stored, request, cancellationToken);
    }

    /// <summary>libvips draws strips and tiles that it cannot read in grey or black and reports nothing.</summary>
    private void CheckPieces(ReadOnlySpan<byte> file, CancellationToken cancellationToken)
    {
        if (TiffJpeg.IsIn(file))
        {
            TiffJpeg.Check(file, cancellationToken);
        }
        else if (TiffTiles.FindStrips(file) is { } strips)
        {
            using var source = Source.NewFromMemory(strips);
            using var image = Open(source, frames: 1, shrink: 1);
            Libvips.DecodeAll(image, cancellationToken);
        }
    }

    private static void RefuseUnread(ReadOnlySpan<byte> file)
    {
        if ((CameraRaw.FindName(file) ?? TiffColours.FindUnreadYcbcr(file)) is { } name)
        {
            throw ImageFormats.Unsupported(name);
        }
    }

    private static long? FindSide(ReadOnlySpan<byte> file, int tag) =>
        TiffDirectory.Read(file, tag) is [<= int.MaxValue and var side, ..] ? (long)side : null;
}
