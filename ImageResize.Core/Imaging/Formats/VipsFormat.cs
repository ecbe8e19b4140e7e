using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Metadata;
using ImageResize.Core.Imaging.Vips;
using NetVips;

namespace ImageResize.Core.Imaging.Formats;

/// <summary>A format that libvips decodes.</summary>
/// <param name="loader">The end of the name of libvips' loader class, for example <c>Png</c>.</param>
internal abstract class VipsFormat(string loader) : Format
{
    /// <summary>Of a source that does not fill its array. See <see cref="Libvips.OpenSource"/>.</summary>
    public override int CopiesOfFile => 1;

    public override ImageHeader ReadHeader(ReadOnlyMemory<byte> prefix, Stream rest)
    {
        if (FindHeader(prefix, rest) is { } header)
        {
            return header;
        }

        ManagedScope.Check(prefix);
        using var source = new StreamSource(prefix, rest);
        try
        {
            using var image = Open(source.Source, frames: 1, shrink: 1);
            return GetHeader(image);
        }
        catch (VipsException cause)
        {
            source.ThrowFault();
            throw RefuseHeader(cause);
        }
    }

    public override ImageHeader ReadHeader(ReadOnlyMemory<byte> file, ImageLimits limits)
    {
        var early = FindEarlyHeader(file);
        if (early is not null)
        {
            // libvips parses all frames of a GIF or WebP before it returns.
            limits.CheckDecoded(early, frames: 1);
        }

        try
        {
            using var source = Libvips.OpenSource(file);
            using var opened = Open(source, frames: 1, shrink: 1);
            var header = AddColours(GetHeader(opened), opened, file.Span);
            CheckFile(file.Span, header);

            // A thumbnail has the size and orientation that measuring reports.
            return early is null ? header : header with
            {
                Width = early.Width,
                Height = early.Height,
                Orientation = early.Orientation,
                HasUnreadAnimation = early.HasUnreadAnimation,
            };
        }
        catch (VipsException cause)
        {
            throw early is null ? RefuseHeader(cause) : ImageRefusal.Damaged(cause);
        }
    }

    public override Image Decode(DecodeRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var image = DecodePixels(request, cancellationToken);

            // Channels after red, green, blue and alpha exist in TIFF only.
            return image.Bands > 4 ? image.ExtractBand(0, n: 3) : image.Copy();
        }
        catch (VipsException cause)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw RefusePixels(request.File.Span, cause);
        }
    }

    public override Copyright? FindCopyright(ReadOnlyMemory<byte> file)
    {
        using var source = Libvips.OpenSource(file);
        using var image = Open(source, frames: 1, shrink: 1);

        return Copyright.Find(image, GetExif(image, file.Span));
    }

    /// <summary>Opens the header. Pixels are decoded on demand, and errors in them are exceptions.</summary>
    /// <param name="shrink">How much smaller the image may be decoded, if the format can do that.</param>
    /// <exception cref="VipsException">The header is invalid.</exception>
    protected Image Open(Source source, int frames, double shrink)
    {
        Libvips.AllowLoader(loader);
        return Load(source, frames, shrink);
    }

    protected abstract Image Load(Source source, int frames, double shrink);

    /// <summary>Reads a header for measuring without libvips.</summary>
    /// <returns>Null if libvips has to read it.</returns>
    protected virtual ImageHeader? FindHeader(ReadOnlyMemory<byte> prefix, Stream rest) => null;

    /// <summary>Reads the size of a whole file, so that an image that is too large is refused before libvips reads it.</summary>
    protected virtual ImageHeader? FindEarlyHeader(ReadOnlyMemory<byte> file) => FindHeader(file, Stream.Null);

    /// <returns>What the file says about its colours without an ICC profile; null if it says nothing, or a profile counts.</returns>
    protected virtual DeclaredColours? FindColours(Image image, ReadOnlySpan<byte> file) => null;

    /// <exception cref="RefusedException">The file is known to be damaged, or too expensive to decode.</exception>
    protected virtual void CheckFile(ReadOnlySpan<byte> file, ImageHeader header)
    {
    }

    /// <summary>
    /// Bytes that decoding may hold for each pixel. This decides which images are refused, so it is the same on every machine and with
    /// every version of a decoder. <see cref="Format.EstimateMemory"/> is a forecast instead: it takes the worst that was measured for a
    /// format.
    /// </summary>
    protected virtual int GetBytesPerPixel(Image image, bool isMultiScan) => image.Bands * SizeOf(image.Format);

    protected virtual RefusedException RefuseHeader(VipsException cause) => ImageRefusal.NotAnImage(cause);

    protected virtual RefusedException RefusePixels(ReadOnlySpan<byte> file, VipsException cause) => ImageRefusal.Damaged(cause);

    /// <returns>The EXIF block, or empty.</returns>
    protected virtual ReadOnlySpan<byte> GetExif(Image image, ReadOnlySpan<byte> file) => Copyright.GetExif(image);

    /// <returns>The resized image, in memory.</returns>
    /// <exception cref="VipsException">A pixel cannot be decoded, or the call was canceled.</exception>
    protected virtual Image DecodePixels(DecodeRequest request, CancellationToken cancellationToken)
    {
        using var source = Libvips.OpenSource(request.File);
        using var stored = Open(source, request.Frames, request.Shrink);

        return Resize(stored, stored, request, cancellationToken);
    }

    /// <param name="image">Its pixels come from <paramref name="stored"/>.</param>
    protected static Image Resize(Image image, Image stored, DecodeRequest request, CancellationToken cancellationToken)
    {
        using var described = request.Header.Profile is { } profile ? ColourProfile.Replace(image, profile) : null;
        using var lazy = Libvips.Resize(described ?? image, request.Width, request.Height, request.Conversion);
        return Libvips.Evaluate(lazy, stored, cancellationToken);
    }

    /// <exception cref="RefusedException">The image needs tone mapping.</exception>
    private ImageHeader AddColours(ImageHeader header, Image image, ReadOnlySpan<byte> file)
    {
        if (FindColours(image, file) is not { } colours)
        {
            return header;
        }

        if (colours.Hdr is { } curve)
        {
            throw ImageFormats.Unsupported($"{Name} of high dynamic range ({curve})");
        }

        var isGrey = ColourProfile.IsGrey(image);
        var profile = colours.IsSrgb ? [] : IccProfileWriter.Write(colours, isGrey);

        return profile switch
        {
            null => header,
            [] => header with { Profile = profile, Conversion = ColourConversion.None },
            _ => header with { Profile = profile, Conversion = isGrey ? ColourConversion.FromGreyProfile : ColourConversion.FromProfile },
        };
    }

    private ImageHeader GetHeader(Image image)
    {
        var isMultiScan = GetNumber(image, "jpeg-multiscan") == 1;

        return new ImageHeader(
            image.Width,
            image.Height,
            GetNumber(image, "orientation") is >= 1 and <= 8 and var orientation ? orientation : 1,
            Math.Max(1, GetNumber(image, "n-pages")),
            GetBytesPerPixel(image, isMultiScan),
            ColourProfile.GetConversion(image),
            isMultiScan);
    }

    private static int GetNumber(Image image, string field) => image.Contains(field) && image.Get(field) is int number ? number : 0;

    private static int SizeOf(Enums.BandFormat format) => format switch
    {
        Enums.BandFormat.Uchar or Enums.BandFormat.Char => 1,
        Enums.BandFormat.Ushort or Enums.BandFormat.Short => 2,
        Enums.BandFormat.Uint or Enums.BandFormat.Int or Enums.BandFormat.Float => 4,
        Enums.BandFormat.Dpcomplex => 16,
        _ => 8,
    };
}
