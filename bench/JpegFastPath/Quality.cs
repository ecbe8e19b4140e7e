using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Jpeg;
using NetVips;

namespace ImageResize.Bench;

/// <summary>
/// PSNR against a full decode and Lanczos3. Two references: one of 8-bit pixels stretched to the thumbnail's size, as a
/// caller would make it, and one in floating point with each thumbnail's own geometry, for libvips leaves out up to half a row.
/// </summary>
internal static class Quality
{
    public static void Measure(string folder, int box)
    {
        var plain = new List<(double Ours, double Theirs)>();
        var exact = new List<(double Ours, double Theirs)>();
        var files = new List<(double Ours, double Theirs)>();
        foreach (var photo in Cpu.ReadPhotos(folder, most: 500))
        {
            if (JpegFastPath.TryMake(photo, box, box, Fit.Inside, long.MaxValue, CancellationToken.None, out var pixels))
            {
                Compare(photo, box, pixels, plain, exact, files);
                pixels.Dispose();
            }
        }

        Report("8-bit, stretched", plain);
        Report("the same, of the JPEG files at quality 80", files);
        Report("exact, each its own geometry", exact);
    }

    private static void Compare(
        byte[] photo, int box, JpegPixels pixels, List<(double Ours, double Theirs)> plain, List<(double Ours, double Theirs)> exact,
        List<(double Ours, double Theirs)> files)
    {
        // Copied, because an image read from front to back can be read only once.
        using var lazy = Image.ThumbnailBuffer(photo, box, height: box, size: Enums.Size.Down);
        using var theirs = lazy.CopyMemory();
        if ((theirs.Width, theirs.Height) != (pixels.Width, pixels.Height))
        {
            return;
        }

        using var ours = Image.NewFromMemoryCopy(pixels.Bytes.ToArray(), pixels.Width, pixels.Height, pixels.Channels, Enums.BandFormat.Uchar);
        using var stored = Image.NewFromBuffer(photo);
        using var upright = stored.Autorot();
        using var whole = upright.CopyMemory();
        using var precise = whole.Cast(Enums.BandFormat.Float);
        var (across, down) = (pixels.Width / (double)whole.Width, pixels.Height / (double)whole.Height);
        var uniform = Math.Min(box / (double)whole.Width, box / (double)whole.Height);

        using var stretched = whole.Resize(across, vscale: down, kernel: Enums.Kernel.Lanczos3, gap: 0);
        using var oursExact = precise.Resize(across, vscale: down, kernel: Enums.Kernel.Lanczos3, gap: 0);
        using var theirsExact = precise.Resize(uniform, kernel: Enums.Kernel.Lanczos3, gap: 0);
        var theirFile = theirs.JpegsaveBuffer(q: 80, keep: Enums.ForeignKeep.None);
        files.Add((Psnr(stretched, new JpegEncoder().Encode(pixels, quality: 80)), Psnr(stretched, theirFile)));
        plain.Add((Psnr(stretched, ours), Psnr(stretched, theirs)));
        exact.Add((Psnr(oursExact, ours), Psnr(theirsExact, theirs)));
    }

    private static void Report(string reference, List<(double Ours, double Theirs)> values) =>
        Console.WriteLine(
            $"{reference}: {values.Count} photos, ours {values.Average(value => value.Ours):F2} dB " +
            $"(least {values.Min(value => value.Ours):F2}), libvips {values.Average(value => value.Theirs):F2} " +
            $"(least {values.Min(value => value.Theirs):F2}), ours better in {values.Count(value => value.Ours >= value.Theirs)}");

    private static double Psnr(Image wanted, byte[] file)
    {
        using var made = Image.NewFromBuffer(file);
        return Psnr(wanted, made);
    }

    private static double Psnr(Image wanted, Image made)
    {
        using var difference = wanted.Cast(Enums.BandFormat.Double) - made;
        using var squares = difference * difference;
        return 10 * Math.Log10(255 * 255 / Math.Max(1e-9, squares.Avg()));
    }
}
