using ImageResize.Core.Imaging.Jpeg.Transforms;

namespace ImageResize.Tests.Imaging.Jpeg;

/// <summary>Compares the transforms with the definition (ITU-T T.81, A.3.3), computed in double precision.</summary>
public sealed class InverseDctTests
{
    private const int Side = 8;

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(63)]
    public void Whole_blocks_equal_the_definition(int last)
    {
        var random = new Random(last);
        for (var times = 0; times < 200; times++)
        {
            var (stored, steps) = MakeBlock(random, last);

            AssertEqual(Pixels(stored, steps), Transform(stored, steps, Side));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(24)]
    public void Half_blocks_equal_means_of_the_frequencies_that_they_can_show(int last)
    {
        var random = new Random(last);
        for (var times = 0; times < 200; times++)
        {
            var (stored, steps) = MakeBlock(random, last);
            var shown = stored.Select((value, position) => IsShown(position) ? value : (short)0).ToArray();
            var pixels = Pixels(shown, steps);
            var means = Enumerable.Range(0, 16).Select(index => Mean(pixels, index / 4, index % 4));

            AssertEqual([.. means], Transform(stored, steps, Side / 2));
        }
    }

    /// <summary>Values and steps that a file can have, but no pixels.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void Extreme_coefficients_are_clamped(int side)
    {
        short[] stored = [.. Enumerable.Repeat(short.MaxValue, 64)];
        ushort[] steps = [.. Enumerable.Repeat(ushort.MaxValue, 64)];

        var samples = Transform(stored, steps, side);

        Assert.Equal(byte.MaxValue, samples[0]);
        Assert.All(samples, sample => Assert.True(sample is byte.MinValue or byte.MaxValue, $"{sample} is clamped."));
    }

    private static (short[] Stored, ushort[] Steps) MakeBlock(Random random, int last)
    {
        var stored = new short[64];
        for (var position = 0; position <= last; position++)
        {
            stored[position] = (short)random.Next(-30 / (position + 1), (30 / (position + 1)) + 1);
        }

        return (stored, [.. Enumerable.Range(0, 64).Select(_ => (ushort)random.Next(1, 30))]);
    }

    private static byte[] Transform(short[] stored, ushort[] steps, int side)
    {
        var (transposed, multipliers, samples) = (new short[64], new float[64], new byte[side * side]);
        var order = InverseDct.Order(side);
        for (var position = 0; position < order.Length; position++)
        {
            transposed[order[position]] = stored[position];
        }

        InverseDct.MakeMultipliers(steps, side, multipliers);
        if (side == Side)
        {
            InverseDct.WriteWhole(transposed, multipliers, samples, side);
        }
        else
        {
            InverseDct.WriteHalf(transposed, multipliers, samples, side);
        }

        return samples;
    }

    private static double[] Pixels(short[] stored, ushort[] steps)
    {
        var pixels = new double[64];
        for (var position = 0; position < 64; position++)
        {
            var (down, across) = Math.DivRem((int)BlockOrder.Zigzag[position], Side);
            for (var pixel = 0; pixel < 64; pixel++)
            {
                pixels[pixel] += stored[position] * steps[position] * Basis(down, pixel / Side) * Basis(across, pixel % Side);
            }
        }

        return pixels;
    }

    private static double Basis(int wave, int pixel) =>
        (wave == 0 ? Math.Sqrt(1 / 8.0) : 0.5) * Math.Cos(((2 * pixel) + 1) * wave * Math.PI / 16);

    private static bool IsShown(int position) => BlockOrder.Zigzag[position] / Side < 4 && BlockOrder.Zigzag[position] % Side < 4;

    private static double Mean(double[] pixels, int row, int column)
    {
        var first = (16 * row) + (2 * column);

        return (pixels[first] + pixels[first + 1] + pixels[first + Side] + pixels[first + Side + 1]) / 4;
    }

    private static void AssertEqual(double[] expected, byte[] samples)
    {
        Assert.Equal(expected.Length, samples.Length);
        for (var index = 0; index < samples.Length; index++)
        {
            Assert.Equal(Math.Clamp(expected[index] + 128, 0, 255), samples[index], 0.51);
        }
    }
}
