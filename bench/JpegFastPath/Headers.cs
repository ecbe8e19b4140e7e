using ImageResize.Core.Imaging;
using Microsoft.Extensions.Options;
using NetVips;

namespace ImageResize.Bench;

/// <summary>
/// Measures images in memory by their header, with the program and with libvips in turn: microseconds of processor time.
/// </summary>
internal static class Headers
{
    private const int Rounds = 9;
    private const int Times = 2_000;

    public static void Measure(string folder)
    {
        var jpeg = File.ReadAllBytes(Directory.GetFiles(folder, "*.jpg").Order().First());
        using var photo = Image.NewFromBuffer(jpeg).ThumbnailImage(640).CopyMemory();

        Compare("JPEG", jpeg);
        Compare("JPEG with 20 KB of EXIF", [.. jpeg[..2], 0xFF, 0xE1, 0x50, 0x00, .. new byte[0x50_00 - 2], .. jpeg[2..]]);
        Compare("PNG", photo.PngsaveBuffer());
        Compare("GIF", photo.GifsaveBuffer());
        Compare("WebP", photo.WebpsaveBuffer());
        Compare("TIFF", photo.TiffsaveBuffer());
    }

    private static void Compare(string format, byte[] picture)
    {
        var thumbnailer = new Thumbnailer(Options.Create(new ImagingOptions()));
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(Cpu.Of(() => Repeat(() => thumbnailer.Measure(new MemoryStream(picture)))));
            theirs.Add(Cpu.Of(() => Repeat(() => Open(picture))));
        }

        var (mine, libvips) = (ours.Median() * 1_000 / Times, theirs.Median() * 1_000 / Times);
        Console.WriteLine($"{format}: ours {mine:F1} us, libvips {libvips:F1} us, ratio {libvips / mine:F1}");
    }

    private static void Open(byte[] picture)
    {
        using var image = Image.NewFromBuffer(picture);
        _ = (image.Width, image.Height, image.Contains("orientation"));
    }

    private static void Repeat(Action measure)
    {
        for (var time = 0; time < Times; time++)
        {
            measure();
        }
    }
}
