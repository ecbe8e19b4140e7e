using ImageResize.Core.Imaging.Jpeg;
using ImageResize.Core.Imaging.Jpeg.Scaling;
using NetVips;

namespace ImageResize.Tests.Imaging.Jpeg.Scaling;

/// <summary>The two ways to resize: in integers, and in single-precision numbers on processors without AVX2.</summary>
public sealed class LanczosResizerTests
{
    private const float Tolerance = 0.1f;

    private readonly LanczosResizer _integers = new(usesIntegers: true);
    private readonly LanczosResizer _singles = new(usesIntegers: false);

    [Theory]
    [InlineData(640, 480, 8, 400, 300)]
    [InlineData(640, 480, 4, 300, 225)]
    [InlineData(641, 479, 4, 299, 223)]
    [InlineData(640, 480, 1, 31, 23)]
    [InlineData(640, 480, 2, 3, 2)]
    [InlineData(16, 3_000, 8, 8, 1_500)]
    [InlineData(17, 9, 8, 11, 6)]
    [InlineData(3_000, 2_000, 1, 9, 6)]
    [InlineData(3_000, 2_000, 1, 4, 3)]
    [InlineData(130, 80, 1, 17, 10)]
    public void Integers_give_the_same_values(int width, int height, int scale, int toWidth, int toHeight)
    {
        if (!IntegerResizer.IsSupported)
        {
            Assert.Skip("The processor has no AVX2.");
        }

        var decoder = Decode(width, height, scale);
        foreach (var orientation in (int[])[1, 3, 6])
        {
            var isOnSide = UprightGrid.SwapsSides(orientation);
            var size = isOnSide
                ? FittedSize.Fill(height, width, toHeight, toWidth)
                : FittedSize.Fill(width, height, toWidth, toHeight);
            foreach (var pixels in (int[])[1, 2])
            {
                var grid = UprightGrid.Of(orientation, size, pixels);
                var integers = Resize(_integers, decoder, grid);
                var singles = Resize(_singles, decoder, grid);

                Assert.All(integers.Zip(singles), values => Assert.InRange(values.First - values.Second, -Tolerance, Tolerance));
                Assert.True(singles.Max() - singles.Min() > 10, "A plane of one color would prove nothing.");
            }
        }
    }

    private static JpegDecoder Decode(int width, int height, int scale)
    {
        using var noise = Image.Gaussnoise(width, height, sigma: 50, mean: 80, seed: 1);
        using var place = Image.Xyz(width, height);
        using var image = (noise + (place[0] * (100.0 / width))).Cast(Enums.BandFormat.Uchar);
        var file = image.JpegsaveBuffer(q: 95);
        var decoder = new JpegDecoder();
        Assert.True(decoder.TryReadHeader(file));
        Assert.True(decoder.TryDecode(file, [scale], CancellationToken.None));

        return decoder;
    }

    private static float[] Resize(LanczosResizer resizer, JpegDecoder decoder, UprightGrid grid)
    {
        var plane = new ThumbnailPlane();
        plane.Prepare(grid.Width, grid.Height);
        resizer.Add(decoder.Frame.Components[0], 1, grid, plane);

        return plane.Values.ToArray();
    }
}
