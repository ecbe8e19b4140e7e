using ImageResize.Core.Imaging.FastPath;
using ImageResize.Core.Imaging.Jpeg;
using ImageResize.Core.Imaging.Jpeg.Encoding;
using NetVips;

namespace ImageResize.Tests.Imaging.Jpeg;

/// <summary>
/// Compares files with libvips', both against the whole image resized with Lanczos3 in floating point. libvips may omit up to half a row,
/// so its file is compared in both geometries and the better result counts.
/// </summary>
public sealed class JpegQualityTests
{
    private const int Quality = 89;

    /// <summary>
    /// In dB. Both round to 8 bits on the way. A plane with too few samples, or slightly displaced, costs more than ten times as much.
    /// </summary>
    private const double Tolerance = 0.05;

    private static readonly Dictionary<string, Func<byte[]>> Variants = new(JpegTestImages.Samplings)
    {
        ["restarts"] = () => JpegTestImages.Jpeg(1_280, 854, restartInterval: 7),
        ["progressive"] = () => JpegTestImages.Jpeg(1_280, 854, progressive: true),
        ["optimised"] = () => JpegTestImages.Jpeg(1_280, 854, optimise: true),
        ["odd sizes"] = () => JpegTestImages.Jpeg(1_283, 857),
        ["narrow"] = () => JpegTestImages.Jpeg(1_283, 331),
        ["low quality"] = () => JpegTestImages.Jpeg(1_280, 854, quality: 40),
        ["orientation 2"] = () => JpegTestImages.Jpeg(1_283, 857, orientation: 2),
        ["orientation 3"] = () => JpegTestImages.Jpeg(1_283, 857, orientation: 3),
        ["orientation 4"] = () => JpegTestImages.Jpeg(1_283, 857, orientation: 4),
        ["orientation 5"] = () => JpegTestImages.Jpeg(1_283, 857, orientation: 5),
        ["orientation 6"] = () => JpegTestImages.Jpeg(1_283, 857, orientation: 6),
        ["orientation 7"] = () => JpegTestImages.Jpeg(1_283, 857, orientation: 7),
        ["orientation 8"] = () => JpegTestImages.Jpeg(1_283, 857, orientation: 8),
    };

    /// <summary>Slightly more than the smallest shrink for which one sample of a block is enough, 4, 16 or all 64.</summary>
    public static TheoryData<string, double> Cases
    {
        get
        {
            var cases = new TheoryData<string, double>();
            foreach (var variant in Variants.Keys)
            {
                foreach (var shrink in (double[])[12.6, 6.3, 3.15, 1.6])
                {
                    cases.Add(variant, shrink);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_thumbnail_is_as_close_to_the_whole_image_as_libvips_is(string variant, double shrink)
    {
        var file = Variants[variant]();
        using var stored = Image.NewFromBuffer(file);
        using var whole = stored.Autorot().Cast(Enums.BandFormat.Float).CopyMemory();
        var box = (int)(Math.Max(whole.Width, whole.Height) / shrink);

        using var picture = JpegFastPath.Decode(file, [new(box, box)], long.MaxValue, TestContext.Current.CancellationToken);
        Assert.Equal(variant is not "4:1:1" || shrink > 2, picture is not null);
        if (picture is null)
        {
            return;
        }

        var planes = picture.Resize(new(box, box));
        using var ours = Image.NewFromBuffer(new JpegEncoder().Encode(planes, Quality));
        using var made = Image.ThumbnailBuffer(file, box, height: box, size: Enums.Size.Down);
        using var theirs = Image.NewFromBuffer(made.JpegsaveBuffer(q: Quality, keep: Enums.ForeignKeep.None));

        var oursAt = JpegTestImages.Psnr(Stretch(whole, planes.Width, planes.Height), ours);
        var theirsAt = Math.Max(JpegTestImages.Psnr(Stretch(whole, theirs.Width, theirs.Height), theirs), PsnrUniform(whole, box, theirs));
        Assert.InRange(oursAt, theirsAt - Tolerance, double.MaxValue);
    }

    private static Image Stretch(Image whole, int width, int height) =>
        whole.Resize(width / (double)whole.Width, vscale: height / (double)whole.Height, kernel: Enums.Kernel.Lanczos3, gap: 0);

    /// <summary>0 if shrinking both sides alike gives another size than libvips gave.</summary>
    private static double PsnrUniform(Image whole, int box, Image made)
    {
        using var wanted = whole.Resize(box / (double)Math.Max(whole.Width, whole.Height), kernel: Enums.Kernel.Lanczos3, gap: 0);
        return (wanted.Width, wanted.Height) == (made.Width, made.Height) ? JpegTestImages.Psnr(wanted, made) : 0;
    }
}
