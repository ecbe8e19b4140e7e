using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Jpeg;
using NetVips;
using SkiaSharp;

namespace ImageResize.Bench;

/// <summary>Thumbnails' pixels to JPEG at quality 80: ours, libvips, SkiaSharp.</summary>
internal static class Encoders
{
    private const int Rounds = 9;
    private const int Repeats = 20;

    public static void Measure(string folder, int box)
    {
        var pictures = Cpu.ReadPhotos(folder)
            .Select(photo => JpegFastPath.TryMake(photo, box, box, Fit.Inside, long.MaxValue, CancellationToken.None, out var pixels) ? pixels : null)
            .OfType<JpegPixels>()
            .Where(pixels => pixels.Channels == 3)
            .ToArray();
        var encoder = new JpegEncoder();

        Time("ours", pictures, pixels => encoder.Encode(pixels, quality: 80).Length);
        Time("libvips", pictures, EncodeWithLibvips);
        Time("SkiaSharp", pictures, EncodeWithSkia);
    }

    private static void Time(string name, JpegPixels[] pictures, Func<JpegPixels, int> encode)
    {
        var times = new List<double>();
        var bytes = 0;
        for (var round = 0; round < Rounds; round++)
        {
            times.Add(Cpu.Of(() =>
            {
                for (var repeat = 0; repeat < Repeats; repeat++)
                {
                    bytes = pictures.Sum(encode);
                }
            }));
        }

        Console.WriteLine($"{name}: {times.Median() / Repeats / pictures.Length:F3} ms, {bytes / pictures.Length} bytes");
    }

    private static int EncodeWithLibvips(JpegPixels pixels)
    {
        using var raw = Image.NewFromMemoryCopy(pixels.Bytes.ToArray(), pixels.Width, pixels.Height, 3, Enums.BandFormat.Uchar);
        using var image = raw.Copy(interpretation: Enums.Interpretation.Srgb);
        return image.JpegsaveBuffer(q: 80, keep: Enums.ForeignKeep.None).Length;
    }

    private static int EncodeWithSkia(JpegPixels pixels)
    {
        using var bitmap = new SKBitmap(pixels.Width, pixels.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var target = bitmap.GetPixelSpan();
        for (var source = pixels.Bytes.Span; !source.IsEmpty; source = source[3..], target = target[4..])
        {
            source[..3].CopyTo(target);
            target[3] = 255;
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, quality: 80);
        return (int)data.Size;
    }
}
