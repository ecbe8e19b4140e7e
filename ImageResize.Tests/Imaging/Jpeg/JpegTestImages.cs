using System.Runtime.CompilerServices;
using NetVips;

namespace ImageResize.Tests.Imaging.Jpeg;

/// <summary>
/// JPEGs of an image with edges, colors and a little noise, written by libvips, and stored files of kinds that libvips cannot write.
/// </summary>
internal static class JpegTestImages
{
    /// <summary>By color space and chroma sampling.</summary>
    public static IReadOnlyDictionary<string, Func<byte[]>> Samplings { get; } = new Dictionary<string, Func<byte[]>>
    {
        ["4:2:0"] = () => Jpeg(1_280, 854),
        ["4:4:4"] = () => Jpeg(1_280, 854, subsample: Enums.ForeignSubsample.Off),
        ["4:2:2"] = () => Fixture("half-across.jpg"),
        ["4:4:0"] = () => Fixture("half-down.jpg"),
        ["4:1:1"] = () => Fixture("quarter-across.jpg"),
        ["RGB"] = () => Fixture("rgb-by-adobe.jpg"),
        ["grey"] = () => Jpeg(1_280, 854, isGray: true),
    };

    public static byte[] Jpeg(
        int width = 320,
        int height = 200,
        int quality = 90,
        bool isGray = false,
        Enums.ForeignSubsample subsample = Enums.ForeignSubsample.On,
        bool progressive = false,
        bool optimise = false,
        int restartInterval = 0,
        int orientation = 1,
        string? profile = null)
    {
        using var picture = Draw(width, height, isGray, orientation);
        return picture.JpegsaveBuffer(
            q: quality,
            subsampleMode: subsample,
            interlace: progressive,
            optimizeCoding: optimise,
            restartInterval: restartInterval,
            profile: profile,
            keep: profile is null ? Enums.ForeignKeep.Exif : Enums.ForeignKeep.Exif | Enums.ForeignKeep.Icc);
    }

    /// <summary>A small file from the Fixtures folder.</summary>
    public static byte[] Fixture(string name, [CallerFilePath] string here = "") =>
        File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(here)!, "Fixtures", name));

    public static double Psnr(Image wanted, Image made)
    {
        using var difference = wanted.Cast(Enums.BandFormat.Double) - made;
        using var squares = difference * difference;
        return 10 * Math.Log10(255 * 255 / Math.Max(1e-9, squares.Avg()));
    }

    private static Image Draw(int width, int height, bool isGray, int orientation)
    {
        using var position = Image.Xyz(width, height);
        using var noise = Image.Gaussnoise(width, height, sigma: 6, mean: 0, seed: 7);
        var across = position[0] * (255.0 / width);
        var down = position[1] * (255.0 / height);
        var stripes = ((position[0] / 23) + (position[1] / 31)).Sin() * 100;

        using var picture = isGray ? (across + noise + stripes) / 2 : across.Bandjoin(down, stripes + 128) + noise;
        var interpretation = isGray ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb;
        return picture.Cast(Enums.BandFormat.Uchar).Copy(interpretation: interpretation)
            .Mutate(image => image.Set(GValue.GIntType, "orientation", orientation));
    }
}
