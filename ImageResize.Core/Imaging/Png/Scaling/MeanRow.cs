using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ImageResize.Core.Imaging.Png.Scaling;

/// <summary>Means of boxes of pixels, which leave less to resize. Boxes at the right and lower edge may be smaller.</summary>
internal sealed class MeanRow
{
    /// <summary>Rows of bytes whose sums fit 16 bits.</summary>
    public const int MaxSide = 256;

    private const int Padding = 64;

    private ushort[] _sums = [];
    private byte[] _means = [];
    private int _width;
    private int _pixelBytes;
    private int _across;
    private int _down;
    private int _rows;

    /// <summary>Pixels of a row of means.</summary>
    public int Width => (_width + _across - 1) / _across;

    /// <summary>Bytes of a mean: one, or four of which the last one has no meaning.</summary>
    public int PixelBytes => _pixelBytes == 1 ? 1 : 4;

    public bool HasRows => _rows > 0;

    public bool IsFull => _rows == _down;

    public void Prepare(int width, int pixelBytes, int across, int down)
    {
        (_width, _pixelBytes, _across, _down, _rows) = (width, pixelBytes, across, down, 0);
        if (_sums.Length < (width * pixelBytes) + Padding)
        {
            _sums = new ushort[(width * pixelBytes) + Padding];
        }

        if (_means.Length < (4 * Width) + Padding)
        {
            _means = new byte[(4 * Width) + Padding];
        }
    }

    /// <param name="pixels">A row, and padding.</param>
    public void Add(ReadOnlySpan<byte> pixels)
    {
        var sums = _sums.AsSpan();
        var isFirst = _rows++ == 0;
        for (var at = 0; at < _width * _pixelBytes; at += Vector256<byte>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.Create(pixels[at..]));
            var lowSums = sums[at..];
            var highSums = lowSums[Vector256<ushort>.Count..];
            (isFirst ? low : low + Vector256.Create<ushort>(lowSums)).CopyTo(lowSums);
            (isFirst ? high : high + Vector256.Create<ushort>(highSums)).CopyTo(highSums);
        }
    }

    /// <summary>Returns the means of the rows that were added, and padding. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Take()
    {
        if (_pixelBytes == 1)
        {
            TakeGray();
        }
        else
        {
            TakeColors();
        }

        _rows = 0;
        return _means;
    }

    private void TakeGray()
    {
        for (var (column, from) = (0, 0); from < _width; column++, from += _across)
        {
            var sum = 0;
            var part = _sums.AsSpan(from, Math.Min(_across, _width - from));
            foreach (var value in part)
            {
                sum += value;
            }

            var count = part.Length * _rows;
            _means[column] = (byte)((sum + (count / 2)) / count);
        }
    }

    /// <summary>The channels of a pixel are summed as one vector.</summary>
    private void TakeColors()
    {
        ref var sums = ref MemoryMarshal.GetArrayDataReference(_sums);
        ref var means = ref MemoryMarshal.GetArrayDataReference(_means);
        var factor = Vector128.Create(1f / (_across * _rows));
        for (var (column, from) = (0, 0); from < _width; column++, from += _across)
        {
            var count = Math.Min(_across, _width - from);
            if (count < _across)
            {
                factor = Vector128.Create(1f / (count * _rows));
            }

            var sum = Vector128<uint>.Zero;
            ref var pixel = ref Unsafe.Add(ref sums, from * _pixelBytes);
            for (; count > 0; count--)
            {
                sum += Vector128.WidenLower(
                    Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<ushort, byte>(ref pixel))).AsUInt16());
                pixel = ref Unsafe.Add(ref pixel, _pixelBytes);
            }

            var mean = Vector128.ConvertToInt32Native((Vector128.ConvertToSingle(sum.AsInt32()) * factor) + Vector128.Create(0.5f));
            var narrow = Vector128.Narrow(mean, mean);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref means, 4 * column), Vector128.Narrow(narrow, narrow).AsUInt32().ToScalar());
        }
    }
}
