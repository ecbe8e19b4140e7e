using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Jpeg;
using NetVips;

namespace ImageResize.Bench;

/// <summary>
/// PSNR of finished files against a full decode and Lanczos3. Two references: one of 8-bit pixels stretched to the thumbnail's size, as
/// a caller would make it, and one in floating point with each thumbnail's own geometry, for libvips leaves out up to half a row.
/// </summary>
internal static class Quality
{
    private static readonly int[] Qualities = [80, 89];

    public static void Measure(string folder, int box)
    {
        var photos = Cpu.ReadPhotos(folder, most: 500);
        foreach (var quality in Qualities)
        {
            var plain = new List<(double Ours, double Theirs)>();
            var exact = new List<(double Ours, double Theirs)>();
            var bytes = new List<(double Ours, double Theirs)>();
            foreach (var photo in photos)
            {
                if (JpegFastPath.TryMake(photo, box, box, Fit.Inside, long.MaxValue, CancellationToken.None, out var planes))
                {
                    Compare(photo, box, quality, planes, plain, exact, bytes);
                }
            }

            Console.WriteLine(
                $"quality {quality}: ours {bytes.Average(file => file.Ours):F0} bytes, libvips {bytes.Average(file => file.Theirs):F0}");
            Report("8-bit, stretched", plain);
            Report("exact, each its own geometry", exact);
        }
    }

    private static void Compare(
        byte[] photo, int box, int quality, ThumbnailPlanes planes, List<(double Ours, double Theirs)> plain,
        List<(double Ours, double Theirs)> exact, List<(double Ours, double Theirs)> bytes)
    {
        using var theirs = Image.ThumbnailBuffer(photo, box, height: box, size: Enums.Size.Down);
        if ((theirs.Width, theirs.Height) != (planes.Width, planes.Height))
        {
            return;
        }

        var ourFile = new JpegEncoder().Encode(planes, quality);
        var theirFile = theirs.JpegsaveBuffer(q: quality, keep: Enums.ForeignKeep.None);
        bytes.Add((ourFile.Length, theirFile.Length));

        using var stored = Image.NewFromBuffer(photo);
        using var upright = stored.Autorot();
        using var whole = upright.CopyMemory();
        using var precise = whole.Cast(Enums.BandFormat.Float);
        var (across, down) = (planes.Width / (double)whole.Width, planes.Height / (double)whole.Height);
        var uniform = Math.Min(box / (double)whole.Width, box / (double)whole.Height);

        using var stretched = whole.Resize(across, vscale: down, kernel: Enums.Kernel.Lanczos3, gap: 0);
        using var oursExact = precise.Resize(across, vscale: down, kernel: Enums.Kernel.Lanczos3, gap: 0);
        using var theirsExact = precise.Resize(uniform, kernel: Enums.Kernel.Lanczos3, gap: 0);
        plain.Add((Psnr(stretched, ourFile), Psnr(stretched, theirFile)));
        exact.Add((Psnr(oursExact, ourFile), Psnr(theirsExact, theirFile)));
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
