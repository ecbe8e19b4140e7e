using System.Runtime.Intrinsics;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>Resizes one plane with Lanczos3, down and then across, a target row at a time. Kept for the next picture's planes.</summary>
internal sealed class LanczosResizer
{
    private const float MidGrey = 128;

    private readonly LanczosAxis _across = new();
    private readonly LanczosAxis _down = new();
    private float[] _row = [];

    /// <summary>Adds this part of the plane's values, less the middle grey that they are stored with, to the target's.</summary>
    public void Add(JpegComponent plane, float part, in UprightGrid grid, ThumbnailPlane target)
    {
        _across.Prepare(plane.Width, plane.PictureWidth, grid.Across);
        _down.Prepare(plane.Height, plane.PictureHeight, grid.Down);

        // Room for the weights that reach past the right edge, which are zero: so must be finite what they meet there.
        var length = plane.Width + _across.Taps;
        if (_row.Length < length)
        {
            _row = new float[length];
        }

        var (columnStep, rowStep) = grid.IsOnSide ? (target.Width, 1) : (1, target.Width);
        for (var row = 0; row < grid.Down.Count; row++)
        {
            _row.AsSpan(0, length).Clear();
            AddRows(plane, row);
            ShrinkRow(target.Values[(row * rowStep)..], columnStep, part);
        }
    }

    private void AddRows(JpegComponent plane, int row)
    {
        var start = _down.Start(row);
        var weights = _down.Weights(row);
        var count = Math.Min(weights.Length, plane.Height - start);
        for (var tap = 0; tap < count; tap++)
        {
            AddRow(plane.Samples.Slice((start + tap) * plane.Stride, plane.Width), weights[tap], _row);
        }
    }

    private static void AddRow(ReadOnlySpan<byte> samples, float weight, Span<float> sums)
    {
        sums = sums[..samples.Length];
        var column = 0;
        for (; column <= samples.Length - Vector128<byte>.Count; column += Vector128<byte>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.WidenLower(Vector128.Create(samples[column..]).ToVector256()).AsInt16());
            Add(low, weight, sums[column..]);
            Add(high, weight, sums[(column + Vector256<float>.Count)..]);
        }

        for (; column < samples.Length; column++)
        {
            sums[column] += weight * samples[column];
        }
    }

    private static void Add(Vector256<int> samples, float weight, Span<float> sums) =>
        Vector256.MultiplyAddEstimate(Vector256.ConvertToSingle(samples), Vector256.Create(weight), Vector256.Create<float>(sums)).CopyTo(sums);

    private void ShrinkRow(Span<float> target, int step, float part)
    {
        for (var column = 0; column < _across.Count; column++)
        {
            var weights = _across.Weights(column);
            var samples = _row.AsSpan(_across.Start(column), weights.Length);
            var sum = Vector256<float>.Zero;
            for (var tap = 0; tap < weights.Length; tap += Vector256<float>.Count)
            {
                sum = Vector256.MultiplyAddEstimate(Vector256.Create(weights[tap..]), Vector256.Create<float>(samples[tap..]), sum);
            }

            target[column * step] += part * (Vector256.Sum(sum) - MidGrey);
        }
    }
}
