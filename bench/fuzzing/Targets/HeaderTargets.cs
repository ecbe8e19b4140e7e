using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Formats.Avif;
using ImageResize.Core.Imaging.Formats.Gif;
using ImageResize.Core.Imaging.Formats.Png;
using ImageResize.Core.Imaging.Formats.Tiff;
using ImageResize.Core.Imaging.Formats.WebP;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Jpeg;
using ImageResize.Core.Imaging.Jpeg.Segments;
using ImageResize.Core.Imaging.Metadata;
using ImageResize.Core.Imaging.Vips;

namespace ImageResize.Fuzzing.Targets;

/// <summary>Managed code that reads headers and metadata before, or instead of, libvips.</summary>
internal static class HeaderTargets
{
    private const int Frames = 4;

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("recognize", ImageFormatOf),
        new("jpeg-header", file => Read(file, ReadJpeg))
        {
            MaxLength = 8_192,
            Words = [[0xFF, 0xC0], [0xFF, 0xC2], [0xFF, 0xDA], [0xFF, 0xE1]],
        },
        new("png", file => Read(file, ReadPng))
        {
            Words = FuzzTargets.Words(
                "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "eXIf", "acTL", "iTXt", "CgBI"),
        },
        new("gif", file => Read(file, ReadGif)) { Words = [[.. "GIF89a"u8], [0x2C], [0x21, 0xF9, 4], [0x21, 0xFF, 11], [0x3B]] },
        new("webp", file => Read(file, ReadWebP))
        {
            Words = FuzzTargets.Words("RIFF", "WEBP", "VP8 ", "VP8L", "VP8X", "ANIM", "ANMF", "EXIF", "ICCP"),
        },
        new("avif", file => Read(file, ReadAvif))
        {
            Words = FuzzTargets.Words(
                "ftyp", "avif", "meta", "hdlr", "pitm", "iinf", "infe", "iref", "prem", "dimg", "iprp", "ipco", "ipma", "ispe", "colr",
                "nclx", "iloc",
                "av1C", "idat", "mdat"),
        },
        new("tiff", file => Read(file, ReadTiff))
        {
            MaxAllocatedBytes = 64_000_000,
            Words = [[(byte)'I', (byte)'I', 42, 0], [(byte)'M', (byte)'M', 0, 42]],
        },
        new("exif", block => ReadExif(block)) { Words = [[.. "Exif\0\0"u8], [(byte)'I', (byte)'I', 42, 0], [0x12, 1, 3, 0, 1, 0, 0, 0]] },
        new("xmp", packet => _ = XmpPacket.Find(packet))
        {
            Words = FuzzTargets.Words(
                "<?xpacket begin='' id=''?>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;", "<rdf:li>", "</rdf:li>", "<dc:rights>",
                "</dc:rights>", "xml:lang=",
                "<![CDATA[", "]]>", "xmlns:dc='http://purl.org/dc/elements/1.1/'"),
        },
        new("icc-iptc", ReadProfile)
        {
            Words = FuzzTargets.Words("RGB XYZ ", "GRAYXYZ ", "acsp", "rTRC", "kTRC", "rXYZ", "A2B0", "curv", "para", "8BIM"),
        },
    ];

    private static void Read(byte[] file, Action<byte[]> read)
    {
        try
        {
            read(file);
        }
        catch (RefusedException)
        {
            // Not an image, a kind that is not read, or more parts than an image needs.
        }
    }

    private static void ImageFormatOf(byte[] start)
    {
        var refusal = ImageFormats.FindRefusal(start);
        try
        {
            var format = ImageFormats.Get(ImageFormats.Recognize(start));
            _ = format.EstimateMemory(start);
            if (refusal is not null && !format.IsUnsupportedKind(start))
            {
                throw new InvalidOperationException($"{format.Name} is recognized, but refused as {refusal.Name}.");
            }
        }
        catch (RefusedException) when (refusal is not null)
        {
            // Both agree.
        }
    }

    private static void ReadJpeg(byte[] file)
    {
        var (prefix, rest) = Split(file, canSeek: false);
        _ = ImageFormats.Get(ImageFormat.Jpeg).EstimateMemory(file);
        _ = JpegHeader.Find(file);
        _ = JpegHeader.Find(JpegStart.Read(prefix, rest).Span);
    }

    private static void ReadPng(byte[] file)
    {
        foreach (var canSeek in (bool[])[true, false])
        {
            var (prefix, rest) = Split(file, canSeek);
            _ = PngHeader.Find(new ForwardReader(prefix, rest));
        }

        _ = PngHeader.IsAppleVariant(file);
        _ = PngColours.Find(PngText.Remove(file).Span) is { } colours ? IccProfileWriter.Write(colours, isGrey: false) : null;
        _ = ImageFormats.Get(ImageFormat.Png).EstimateMemory(file);
    }

    private static void ReadGif(byte[] file)
    {
        if (!ImageFormats.Get(ImageFormat.Gif).Matches(file) || GifHeader.Find(file) is not { } header)
        {
            return;
        }

        GifFrames.CheckCount(file);
        GifFrames.Check(file, Frames);
        Cover(GifFrames.FindPlaces(file, Frames), header);
    }

    private static void ReadWebP(byte[] file)
    {
        _ = WebPHeader.FindSize(file);
        foreach (var canSeek in (bool[])[true, false])
        {
            var (prefix, rest) = Split(file, canSeek);
            if (WebPHeader.Find(new ForwardReader(prefix, rest)) is { } header)
            {
                WebPFrames.CheckCount(file);
                Cover(WebPFrames.FindPlaces(file, Frames), header);
            }
        }
    }

    private static void ReadAvif(byte[] file)
    {
        var (prefix, rest) = Split(file, canSeek: true);
        _ = MediaBrands.Of(file)?.Name;
        _ = ImageFormats.Get(ImageFormat.Avif).EstimateMemory(file);
        AvifBoxes.CheckCount(prefix, rest);
        _ = AvifProperties.IsPremultiplied(file);
        _ = AvifProperties.FindColours(file) is { } colours ? IccProfileWriter.Write(colours, isGrey: false) : null;
    }

    private static void ReadTiff(byte[] file)
    {
        if (!ImageFormats.Get(ImageFormat.Tiff).Matches(file))
        {
            return;
        }

        var (prefix, rest) = Split(file, canSeek: true);
        using var first = FirstPageStream.Of(prefix, rest, TiffDirectory.ReadFirst(prefix, rest));
        first.CopyTo(Stream.Null);
        var onePage = TiffDirectory.RemoveOtherPages(file).Span;
        _ = ImageFormats.Get(ImageFormat.Tiff).EstimateMemory(onePage);
        _ = CameraRaw.FindName(onePage) ?? TiffColours.FindUnreadYcbcr(onePage) ?? UnsupportedTiff.FindName(onePage);
        _ = TiffSamples.HasOddAssociatedAlpha(onePage) ? TiffSamples.WithoutDescription(onePage) : null;
        _ = MinimalTiff.Of(onePage);
        TiffTiles.Check(onePage);
        _ = TiffTiles.FindStrips(onePage);
    }

    private static void ReadExif(ReadOnlySpan<byte> block)
    {
        _ = ExifBlock.FindOrientation(block);
        _ = ExifBlock.Write(ExifBlock.Find(block));
    }

    private static void ReadProfile(byte[] block)
    {
        _ = IptcBlock.Find(block);
        _ = IccProfile.IsGrey(block) || IccProfile.IsRgb(block);
        _ = IccProfile.IsSrgb(block) || IccProfile.IsSrgbGrey(block);
    }

    private static void Cover(IReadOnlyList<FramePlace> places, ImageHeader header)
    {
        // Larger images are refused before.
        if (header.Pixels < 1_000_000)
        {
            _ = FrameCoverage.FindMask(places, header.Width, header.Height);
        }
    }

    private static (ReadOnlyMemory<byte> Prefix, Stream After) Split(byte[] file, bool canSeek)
    {
        var length = Math.Min(file.Length, file.Length > 64 ? 64 : ImageFormats.PrefixLength);
        var rest = new MemoryStream(file) { Position = length };

        return (file.AsMemory(0, length), canSeek ? rest : new ForwardStream(rest));
    }

    private sealed class ForwardStream(Stream inner) : Core.Sources.ForwardOnlyStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer, cancellationToken);
    }
}
