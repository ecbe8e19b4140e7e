using ImageMagick;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Imaging.Vips;
using Microsoft.Extensions.Options;
using NetVips;
using SkiaSharp;

namespace ImageResize.Kernels;

/// <summary>Makes a JPEG of quality 80 within a box from a file, as each library's documentation recommends.</summary>
internal static class Kernel
{
    private const int Quality = 80;

    public static Func<string, byte[]> Find(string name, int box) => name switch
    {
        "ours" => Ours(box),
        "libvips" => Libvips(box),
        "skiasharp" => file => SkiaSharp(file, box),
        "magick" => Magick(box),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such kernel."),
    };

    private static Func<string, byte[]> Ours(int box)
    {
        var thumbnailer = new Thumbnailer(Options.Create(new ImagingOptions { JpegQuality = Quality }));
        var spec = new ThumbnailSpec(box, box) { Format = ImageFormat.Jpeg };

        return file => thumbnailer.Make(File.ReadAllBytes(file), [spec], CancellationToken.None)[0].Bytes.ToArray();
    }

    private static Func<string, byte[]> Libvips(int box)
    {
        // One thread per image and no operation cache are faster here, because no image is used twice.
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;

        return file =>
        {
            using var thumbnail = Image.Thumbnail(file, box, height: box, size: Enums.Size.Down);
            return thumbnail.JpegsaveBuffer(q: Quality, keep: Enums.ForeignKeep.None);
        };
    }

    /// <summary>Decodes at the nearest scale that the codec supports, then resizes.</summary>
    private static byte[] SkiaSharp(string file, int box)
    {
        using var codec = SKCodec.Create(file);
        var scale = Math.Min(1, (float)box / Math.Max(codec.Info.Width, codec.Info.Height));
        var (width, height) = ((int)Math.Round(codec.Info.Width * scale), (int)Math.Round(codec.Info.Height * scale));
        var nearest = codec.GetScaledDimensions(scale);
        using var decoded = SKBitmap.Decode(codec, new SKImageInfo(nearest.Width, nearest.Height));
        using var resized = decoded.Resize(new SKImageInfo(width, height), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var encoded = resized.Encode(SKEncodedImageFormat.Jpeg, Quality);

        return encoded.ToArray();
    }

    private static Func<string, byte[]> Magick(int box)
    {
        ResourceLimits.Thread = 1; // more threads only use more CPU
        var settings = new MagickReadSettings();
        settings.SetDefine(MagickFormat.Jpeg, "size", $"{2 * box}x{2 * box}"); // lets libjpeg decode at a reduced scale

        return file =>
        {
            using var image = new MagickImage(file, settings);
            image.Thumbnail((uint)box, (uint)box);
            image.Quality = Quality;
            return image.ToByteArray(MagickFormat.Jpeg);
        };
    }
}
