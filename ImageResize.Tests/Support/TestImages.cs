using System.Text;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Tests.Imaging.Samples;
using NetVips;

namespace ImageResize.Tests.Support;

/// <summary>Makes images with four quarters, red and green above, blue and white below, unless stated otherwise.</summary>
internal static class TestImages
{
    public static readonly int[] Red = [255, 0, 0];
    public static readonly int[] Green = [0, 255, 0];
    public static readonly int[] Blue = [0, 0, 255];
    public static readonly int[] White = [255, 255, 255];

    public static TheoryData<ImageFormat> Formats => [.. Enum.GetValues<ImageFormat>()];

    public static byte[] Jpeg(int width = 400, int height = 300, int orientation = 1, bool progressive = false)
    {
        using var image = Turned(width, height, orientation);
        return image.JpegsaveBuffer(q: 95, interlace: progressive);
    }

    public static byte[] Png(int width = 400, int height = 300, int orientation = 1, bool interlaced = false)
    {
        using var image = Turned(width, height, orientation);
        return image.PngsaveBuffer(interlace: interlaced);
    }

    /// <summary>As the others, with the left half fully transparent.</summary>
    public static byte[] TransparentPng(int width = 400, int height = 300)
    {
        using var image = HalfTransparent(width, height);
        return image.PngsaveBuffer();
    }

    public static byte[] Gif(int width = 400, int height = 300, int frames = 1)
    {
        using var image = Frames(width, height, frames);
        return image.GifsaveBuffer();
    }

    public static byte[] WebP(int width = 400, int height = 300, int frames = 1, int orientation = 1)
    {
        using var image = frames == 1 ? Turned(width, height, orientation) : Frames(width, height, frames);
        return image.WebpsaveBuffer(lossless: true);
    }

    public static byte[] Avif(int width = 400, int height = 300)
    {
        using var image = Quarters(width, height);
        return image.HeifsaveBuffer(q: 90, compression: Enums.ForeignHeifCompression.Av1, effort: 0);
    }

    public static byte[] Tiff(int width = 400, int height = 300, int orientation = 1)
    {
        using var image = Turned(width, height, orientation);
        return image.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Deflate);
    }

    public static byte[] Bmp(int width = 400, int height = 300)
    {
        using var image = Quarters(width, height);
        return TestBmp.Rgb24(image.WriteToMemory<byte>(), width, height);
    }

    public static byte[] Tga(int width = 400, int height = 300)
    {
        using var image = Quarters(width, height);
        return TestTga.Rgb24(image.WriteToMemory<byte>(), width, height);
    }

    public static byte[] Pnm(int width = 400, int height = 300)
    {
        using var image = Quarters(width, height);
        return Pnm(image);
    }

    public static byte[] Pnm(Image rgb) =>
        [.. Encoding.ASCII.GetBytes($"P6 {rgb.Width} {rgb.Height} 255\n"), .. rgb.WriteToMemory<byte>()];

    /// <summary>One of each kind, by its format.</summary>
    public static byte[] Of(ImageFormat format, int width = 400, int height = 300) => format switch
    {
        ImageFormat.Jpeg => Jpeg(width, height),
        ImageFormat.Png => Png(width, height),
        ImageFormat.Gif => Gif(width, height),
        ImageFormat.WebP => WebP(width, height),
        ImageFormat.Avif => Avif(width, height),
        ImageFormat.Tiff => Tiff(width, height),
        ImageFormat.Bmp => Bmp(width, height),
        ImageFormat.Tga => Tga(width, height),
        ImageFormat.Pnm => Pnm(width, height),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    public static byte[] CmykJpeg(int width = 400, int height = 300)
    {
        using var image = Quarters(width, height);
        using var cmyk = image.Colourspace(Enums.Interpretation.Cmyk);
        return cmyk.JpegsaveBuffer(q: 95);
    }

    /// <summary>The same colours, stored in a wider colour space, with its profile.</summary>
    public static byte[] DisplayP3Jpeg(int width = 400, int height = 300)
    {
        using var image = Quarters(width, height);
        using var wide = image.IccTransform("p3", inputProfile: "srgb");
        return wide.JpegsaveBuffer(q: 95, keep: Enums.ForeignKeep.Icc);
    }

    /// <summary>A JPEG with a copyright in the given places, beside private metadata.</summary>
    public static byte[] SignedJpeg(string? exif = null, string? author = null, string? xmp = null, byte[]? iptc = null)
    {
        using var image = Quarters(400, 300);
        using var signed = image.Mutate(copy =>
        {
            Sign(copy, exif, author, xmp);
            if (iptc is not null)
            {
                copy.Set(GValue.BlobType, "iptc-data", iptc);
            }
        });
        return signed.JpegsaveBuffer();
    }

    /// <summary>Noise, so that the file is large and truncation is noticed.</summary>
    public static Image Noise(int width, int height)
    {
        using var grey = Image.Gaussnoise(width, height, sigma: 60, mean: 128, seed: 1);
        using var bytes = grey.Cast(Enums.BandFormat.Uchar);
        using var rgb = bytes.Bandjoin(bytes, bytes);
        return rgb.Copy(interpretation: Enums.Interpretation.Srgb);
    }

    public static Image Quarters(int width, int height)
    {
        using var red = Plain(Red, width / 2, height / 2);
        using var green = Plain(Green, width - (width / 2), height / 2);
        using var blue = Plain(Blue, width / 2, height - (height / 2));
        using var white = Plain(White, width - (width / 2), height - (height / 2));
        if (width < 2 || height < 2)
        {
            return Plain(Red, width, height);
        }

        using var above = red.Join(green, Enums.Direction.Horizontal);
        using var below = blue.Join(white, Enums.Direction.Horizontal);
        using var both = above.Join(below, Enums.Direction.Vertical);
        return both.CopyMemory();
    }

    private static Image HalfTransparent(int width, int height)
    {
        using var image = Quarters(width, height);
        using var clear = Image.Black(width / 2, height);
        using var grey = Image.Black(width - (width / 2), height);
        using var solid = grey.Linear([1], [255], uchar: true);
        using var alpha = clear.Join(solid, Enums.Direction.Horizontal);
        return image.Bandjoin(alpha);
    }

    private static Image Turned(int width, int height, int orientation)
    {
        using var image = Quarters(width, height);
        return orientation == 1 ? image.Copy() : image.Mutate(copy => copy.Set(GValue.GIntType, "orientation", orientation));
    }

    /// <summary>The first frame is the quarters, the others each have one colour; 50 ms each, played three times.</summary>
    private static Image Frames(int width, int height, int frames)
    {
        if (frames == 1)
        {
            return Quarters(width, height);
        }

        var pictures = Enumerable.Range(0, frames)
            .Select(i => i == 0 ? Quarters(width, height) : Plain([i * 40 % 256, i % 256, 128], width, height))
            .ToArray();
        using var joined = Image.Arrayjoin(pictures, across: 1);
        var stack = joined.Mutate(copy =>
        {
            copy.Set(GValue.GIntType, "page-height", height);
            copy.Set(GValue.ArrayIntType, "delay", Enumerable.Repeat(50, frames).ToArray());
            copy.Set(GValue.GIntType, "loop", 3);
        });
        Array.ForEach(pictures, picture => picture.Dispose());
        return stack;
    }

    private static void Sign(MutableImage image, string? exif, string? author, string? xmp)
    {
        image.Set(GValue.GStrType, "exif-ifd0-ImageDescription", "secret place");
        image.Set(GValue.GStrType, "exif-ifd3-GPSLatitudeRef", "N");
        if (exif is not null)
        {
            image.Set(GValue.GStrType, "exif-ifd0-Copyright", exif);
        }

        if (author is not null)
        {
            image.Set(GValue.GStrType, "exif-ifd0-Artist", author);
        }

        if (xmp is not null)
        {
            image.Set(GValue.BlobType, "xmp-data", Encoding.UTF8.GetBytes(xmp));
        }
    }

    private static Image Plain(int[] colour, int width, int height)
    {
        using var black = Image.Black(Math.Max(1, width), Math.Max(1, height), bands: 3);
        using var plain = black.Linear([1, 1, 1], Array.ConvertAll(colour, channel => (double)channel), uchar: true);
        return plain.Copy(interpretation: Enums.Interpretation.Srgb);
    }
}
