using NetVips;

namespace ImageResize.Tests.Faults;

/// <summary>Makes small photos, a different one for each seed.</summary>
internal static class Photos
{
    public static byte[] Make(int seed, int width = 640, int height = 480)
    {
        using var noise = Image.Perlin(width, height, cellSize: 64, seed: seed);
        using var grey = noise.Linear([100.0], [128.0], uchar: true);
        using var colour = grey.Bandjoin([grey.Rot180(), grey.FlipHor()]);
        using var photo = colour.Copy(interpretation: Enums.Interpretation.Srgb);

        return photo.JpegsaveBuffer(q: 85);
    }
}
