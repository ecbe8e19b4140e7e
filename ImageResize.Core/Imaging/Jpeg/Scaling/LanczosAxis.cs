using System.Runtime.Intrinsics;

namespace ImageResize.Core.Imaging.Jpeg.Scaling;

/// <summary>
/// For every target position along one axis: its first source sample, and the weight of each. The kernel is Lanczos3 (Turkowski, "Filters
/// for common resampling tasks", 1990).
/// </summary>
internal sealed class LanczosAxis
{
    /// <summary>The fraction bits of integer weights. None is 2 or more.</summary>
    public const int IntegerBits = 14;

    private const int Lobes = 3;
    private const int StepsPerUnit = 1_024;

    /// <summary>
    /// A sample is the mean of a part of the image, which blurs it. A second difference of 1/24 undoes the blur up to the second order at
    /// no cost, and raises the PSNR of luma by 0.7 dB.
    /// </summary>
    private const float SharpeningOfMeans = 1 / 24f;

    /// <summary>The thumbnail's pixels that a position consists of: offsets from its center, and their weights.</summary>
    private static readonly (double Offset, float Part)[] Whole = [(0, 1)];

    /// <summary>
    /// Decoders interpolate chroma at half size linearly, which blurs it. The negative weights undo most of that. A least-squares fit would
    /// use a third of each neighbor, which makes files larger (docs/decisions/jpeg-fast-path.md).
    /// </summary>
    private static readonly (double Offset, float Part)[] Halved = [(-2.5, -0.125f), (-0.5, 1), (0.5, 1), (2.5, -0.125f)];

    private static readonly float[] Kernel = MakeKernel();

    private float[] _weights = [];
    private short[] _integers = [];
    private int[] _starts = [];
    private (int Samples, double Extent, bool AreMeans, GridAxis Axis) _key;

    private (double Offset, float Part)[] _pixels = Whole;
    private double _pixelStep;
    private double _spread;

    /// <summary>Weights per position: a multiple of a vector's length. The last ones may be zero.</summary>
    public int Taps { get; private set; }

    /// <summary>The number of weights that may be nonzero.</summary>
    public int Reach { get; private set; }

    /// <summary>Target positions.</summary>
    public int Count => _key.Axis.Count;

    /// <summary>Integer weights per position: a multiple of a vector's length. The last ones may be zero.</summary>
    public int IntegerTaps { get; private set; }

    public int Start(int position) => _starts[position];

    /// <summary>The weights as integers. They sum up to exactly 1.</summary>
    public ReadOnlySpan<short> Integers(int position) => _integers.AsSpan(position * IntegerTaps, IntegerTaps);

    public ReadOnlySpan<float> Weights(int position) => _weights.AsSpan(position * Taps, Taps);

    /// <summary>Whether it is prepared for these samples, of which the first <paramref name="extent"/> belong to the image.</summary>
    public bool IsFor(int samples, double extent, bool areMeans, in GridAxis axis) => _key == (samples, extent, areMeans, axis);

    /// <param name="areMeans">Whether each sample is the mean of several pixels.</param>
    public void Prepare(int samples, double extent, bool areMeans, in GridAxis axis)
    {
        _key = (samples, extent, areMeans, axis);
        _pixels = axis.Pixels == 1 ? Whole : Halved;
        _pixelStep = extent * axis.Step / axis.Pixels;
        _spread = Math.Max(1, Math.Abs(_pixelStep));
        var reach = (Lobes * _spread) + (_pixels[^1].Offset * Math.Abs(_pixelStep));

        Reach = (int)Math.Ceiling(2 * reach) + 3;
        Taps = (Reach + Vector256<float>.Count - 1) / Vector256<float>.Count * Vector256<float>.Count;
        _starts = Larger(_starts, axis.Count);
        _weights = Larger(_weights, axis.Count * Taps);
        IntegerTaps = (Reach + Vector256<short>.Count - 1) / Vector256<short>.Count * Vector256<short>.Count;
        _integers = Larger(_integers, axis.Count * IntegerTaps);
        _integers.AsSpan(0, axis.Count * IntegerTaps).Clear();
        _weights.AsSpan(0, axis.Count * Taps).Clear();

        for (var position = 0; position < axis.Count; position++)
        {
            var centre = (extent * axis.Start) + ((position + 0.5) * extent * axis.Step) - 0.5;
            Fill(position, centre, reach, samples);
            Round(_weights.AsSpan(position * Taps, Reach), _integers.AsSpan(position * IntegerTaps, Reach));
        }
    }

    private void Fill(int position, double centre, double reach, int count)
    {
        var first = (int)Math.Ceiling(centre - reach);
        var last = (int)Math.Floor(centre + reach);
        var start = Math.Clamp(first - 1, 0, count - 1);
        var weights = _weights.AsSpan(position * Taps, Taps);
        _starts[position] = start;

        var sum = 0f;
        var sharpening = _key.AreMeans ? SharpeningOfMeans : 0;
        for (var sample = first; sample <= last; sample++)
        {
            // Beyond the edge the edge samples are repeated.
            var weight = WeightAt(sample - centre);
            weights[Math.Clamp(sample - 1, 0, count - 1) - start] -= sharpening * weight;
            weights[Math.Clamp(sample, 0, count - 1) - start] += (1 + (2 * sharpening)) * weight;
            weights[Math.Clamp(sample + 1, 0, count - 1) - start] -= sharpening * weight;
            sum += weight;
        }

        foreach (ref var weight in weights)
        {
            weight /= sum;
        }
    }

    /// <summary>The largest weight gets the rounding error of all, so that a plane of one color keeps it.</summary>
    private static void Round(ReadOnlySpan<float> weights, Span<short> rounded)
    {
        var (sum, largest) = (0, 0);
        for (var index = 0; index < weights.Length; index++)
        {
            rounded[index] = (short)MathF.Round(weights[index] * (1 << IntegerBits));
            sum += rounded[index];
            largest = weights[index] > weights[largest] ? index : largest;
        }

        rounded[largest] += (short)((1 << IntegerBits) - sum);
    }

    private float WeightAt(double distance)
    {
        var weight = 0f;
        foreach (var (offset, part) in _pixels)
        {
            weight += part * KernelAt(Math.Abs(distance - (offset * _pixelStep)) * (StepsPerUnit / _spread));
        }

        return weight;
    }

    /// <summary>Interpolates the table linearly. The error is below 0.00001.</summary>
    private static float KernelAt(double steps)
    {
        var index = (int)steps;
        var part = (float)(steps - index);
        return index >= Lobes * StepsPerUnit ? 0 : Kernel[index] + (part * (Kernel[index + 1] - Kernel[index]));
    }

    private static float[] MakeKernel()
    {
        var kernel = new float[(Lobes * StepsPerUnit) + 2];
        for (var step = 0; step < Lobes * StepsPerUnit; step++)
        {
            var x = Math.PI * step / StepsPerUnit;
            kernel[step] = step == 0 ? 1 : (float)(Lobes * Math.Sin(x) * Math.Sin(x / Lobes) / (x * x));
        }

        return kernel;
    }

    private static T[] Larger<T>(T[] array, int length) =>
        array.Length >= length ? array : GC.AllocateUninitializedArray<T>(length);
}
