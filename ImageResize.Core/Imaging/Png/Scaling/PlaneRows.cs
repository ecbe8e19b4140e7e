using ImageResize.Core.Imaging.Jpeg.Scaling;

namespace ImageResize.Core.Imaging.Png.Scaling;

/// <summary>
/// Resizes a plane whose rows arrive one after the other, and keeps those that rows of the thumbnail still need.
/// </summary>
internal sealed class PlaneRows
{
    private readonly IntegerResizer _integers = new();
    private bool _usesIntegers;
    private byte[] _rows = [];
    private float[] _sums = [];
    private LanczosAxis? _across;
    private LanczosAxis? _down;
    private ThumbnailPlane? _target;
    private int _width;
    private int _height;
    private int _stride;
    private int _capacity;

    /// <summary>The first row that is kept.</summary>
    private int _first;
    private int _end;
    private int _done;

    /// <summary>Where the next row belongs, with padding.</summary>
    public Span<byte> Next => _rows.AsSpan((_end - _first) * _stride, _stride);

    public void Prepare(int width, int height, LanczosAxis across, LanczosAxis down, ThumbnailPlane target)
    {
        (_width, _height, _across, _down, _target) = (width, height, across, down, target);
        (_first, _end, _done) = (0, 0, 0);
        _stride = width + ColorPlanes.Padding;
        _capacity = Math.Min(height, 2 * (down.Reach + 8));
        if (_rows.Length < _capacity * _stride)
        {
            _rows = GC.AllocateUninitializedArray<byte>(_capacity * _stride);
        }

        _usesIntegers = IntegerResizer.IsSupported && IntegerResizer.CanResize(width, across, down);
        if (_usesIntegers)
        {
            _integers.Prepare(width, across, down);
            return;
        }

        if (_sums.Length < width + across.Taps)
        {
            _sums = new float[width + across.Taps];
        }

        // Weights that reach past the right edge are zero, but the values there must be finite.
        _sums.AsSpan(width, across.Taps).Clear();
    }

    /// <summary>Adds the row that was written to <see cref="Next"/>, and makes the rows of the thumbnail that need no later one.</summary>
    public void Commit()
    {
        _end++;
        while (_done < _down!.Count)
        {
            var start = _down.Start(_done);
            var taps = Math.Min(_down.Reach, _height - start);
            if (start + taps > _end)
            {
                break;
            }

            MakeRow(_rows.AsSpan((start - _first) * _stride), taps, _target!.Values[(_done * _target.Width)..]);
            _done++;
        }

        if (_end - _first == _capacity && _end < _height)
        {
            DropRows();
        }
    }

    private void MakeRow(ReadOnlySpan<byte> samples, int taps, Span<float> target)
    {
        if (_usesIntegers)
        {
            _integers.Add(_done, samples, _stride, part: 1, target, step: 1);
            return;
        }

        LanczosSums.ShrinkColumns(samples, _stride, _down!.Weights(_done)[..taps], _sums.AsSpan(0, _width));
        LanczosSums.ShrinkRow(_sums, _across!, target, step: 1, part: 1);
    }

    private void DropRows()
    {
        // The next row of the thumbnail may need later ones only, if the top of the image is cut off.
        var first = _done < _down!.Count ? Math.Min(_end, _down.Start(_done)) : _end;
        _rows.AsSpan((first - _first) * _stride, (_end - first) * _stride).CopyTo(_rows);
        _first = first;
    }
}
