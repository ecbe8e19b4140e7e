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
        if (usesIntegers && IntegerResizer.CanResize(plane.Width, across, down))
        {
            _integers.Prepare(plane.Width, across, down);
            for (var row = 0; row < grid.Down.Count; row++)
            {
                var samples = plane.Samples[(down.Start(row) * plane.Stride)..];
                _integers.Add(row, samples, plane.Stride, part, target.Values[(row * rowStep)..], columnStep);
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
            var start = down.Start(row);
            var weights = down.Weights(row)[..Math.Min(down.Reach, plane.Height - start)];
            LanczosSums.ShrinkColumns(plane.Samples[(start * plane.Stride)..], plane.Stride, weights, _row.AsSpan(0, plane.Width));
            LanczosSums.ShrinkRow(_row, across, target.Values[(row * rowStep)..], columnStep, part);
        }
    }
}
