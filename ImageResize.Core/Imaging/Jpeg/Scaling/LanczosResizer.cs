using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ImageResize.Core.Imaging.Jpeg.Frames;
using ImageResize.Core.Imaging.Jpeg.Transforms;

namespace ImageResize.Core.Imaging.Jpeg.Scaling;

/// <summary>
/// Resizes one plane with Lanczos3, first vertically and then horizontally, one target row at a time. Keeps its memory for the next image.
/// </summary>
/// <param name="usesIntegers">Whether the processor has the instructions of <see cref="IntegerResizer"/>.</param>
internal sealed class LanczosResizer(bool usesIntegers)
{
    public const float MidGray = 128;

    private readonly IntegerResizer _integers = new();
    private readonly LanczosAxes _axesAcross = new();
    private readonly LanczosAxes _axesDown = new();
    private float[] _row = [];

    /// <summary>
    /// Adds the plane's values, less the middle gray that they are stored with and times <paramref name="part"/>, to the target's.
    /// </summary>
    public void Add(JpegComponent plane, float part, in UprightGrid grid, ThumbnailPlane target)
    {
        var areMeans = plane.Scale < InverseDct.WholeSide;
        var across = _axesAcross.Find(plane.Width, plane.ImageWidth, areMeans, grid.Across);
        var down = _axesDown.Find(plane.Height, plane.ImageHeight, areMeans, grid.Down);
        var (columnStep, rowStep) = grid.IsOnSide ? (target.Width, 1) : (1, target.Width);
        if (usesIntegers && IntegerResizer.CanResize(plane, across, down))
        {
            _integers.Prepare(plane, across, down);
            for (var row = 0; row < grid.Down.Count; row++)
            {
                _integers.Add(row, part, target.Values[(row * rowStep)..], columnStep);
            }

            return;
        }

        // Weights that reach past the right edge are zero, but the values there must be finite.
        var length = plane.Width + across.Taps;
        if (_row.Length < length)
        {
            _row = new float[length];
        }

        _row.AsSpan(plane.Width, across.Taps).Clear();
        for (var row = 0; row < grid.Down.Count; row++)
        {
            ShrinkColumns(plane, down, row);
            ShrinkRow(across, target.Values[(row * rowStep)..], columnStep, part);
        }
    }

    private void ShrinkColumns(JpegComponent plane, LanczosAxis down, int row)
    {
        var start = down.Start(row);
        var weights = down.Weights(row)[..Math.Min(down.Reach, plane.Height - start)];
        var samples = plane.Samples[(start * plane.Stride)..];
        var sums = _row.AsSpan(0, plane.Width);
        var column = 0;
        if (sums.Length >= Vector128<byte>.Count)
        {
            for (; column < sums.Length; column += Vector128<byte>.Count)
            {
                // The last group may overlap the one before.
                column = Math.Min(column, sums.Length - Vector128<byte>.Count);
                AddUp(samples[column..], plane.Stride, weights, sums[column..]);
            }
        }

        for (; column < sums.Length; column++)
        {
            var sum = 0f;
            for (var tap = 0; tap < weights.Length; tap++)
            {
                sum += weights[tap] * samples[(tap * plane.Stride) + column];
            }

            sums[column] = sum;
        }
    }

    /// <summary>Sums sixteen columns in registers.</summary>
    private static void AddUp(ReadOnlySpan<byte> samples, int stride, ReadOnlySpan<float> weights, Span<float> sums)
    {
        var (left, right) = (Vector256<float>.Zero, Vector256<float>.Zero);
        for (var tap = 0; tap < weights.Length; tap++)
        {
            var (low, high) = Vector256.Widen(Vector256.WidenLower(Vector128.Create(samples[(tap * stride)..]).ToVector256()).AsInt16());
            var weight = Vector256.Create(weights[tap]);
            left = Vector256.MultiplyAddEstimate(Vector256.ConvertToSingle(low), weight, left);
            right = Vector256.MultiplyAddEstimate(Vector256.ConvertToSingle(high), weight, right);
        }

        left.CopyTo(sums);
        right.CopyTo(sums[Vector256<float>.Count..]);
    }

    private void ShrinkRow(LanczosAxis across, Span<float> target, int step, float part)
    {
        for (var column = 0; column < across.Count; column++)
        {
            var weights = MemoryMarshal.Cast<float, Vector256<float>>(across.Weights(column));
            var samples = MemoryMarshal.Cast<float, Vector256<float>>(_row.AsSpan(across.Start(column), across.Taps))[..weights.Length];
            var sum = Vector256<float>.Zero;
            for (var index = 0; index < weights.Length; index++)
            {
                sum = Vector256.MultiplyAddEstimate(weights[index], samples[index], sum);
            }

            target[column * step] += part * (Vector256.Sum(sum) - MidGray);
        }
    }
}
