using System.Buffers;

namespace ImageResize.Core.Imaging.Jpeg.Frames;

/// <summary>
/// What is known of a progressive file's blocks between its scans: the coefficients that the scale needs, and which of all are not zero,
/// because later scans send a bit more for each of those.
/// </summary>
internal sealed class ProgressiveCoefficients
{
    private short[] _values = [];
    private ulong[] _nonzero = [];
    private int _blocks;

    /// <summary>Coefficients kept of a block, in zigzag order.</summary>
    public int Kept { get; private set; }

    public Span<short> Values => _values.AsSpan(0, _blocks * Kept);

    /// <summary>By block: a bit for each zigzag position, from the lowest on. Not used if only the first coefficient is kept.</summary>
    public Span<ulong> Nonzero => _nonzero.AsSpan(0, Kept > 1 ? _blocks : 0);

    /// <summary>Rents memory for blocks of zeros.</summary>
    public void Prepare(int blocks, int kept)
    {
        (_blocks, Kept) = (blocks, kept);
        _values = ArrayPool<short>.Shared.Rent(blocks * kept);
        Values.Clear();
        if (kept > 1)
        {
            _nonzero = ArrayPool<ulong>.Shared.Rent(blocks);
            Nonzero.Clear();
        }
    }

    public void Release()
    {
        ArrayPool<short>.Shared.Return(_values);
        ArrayPool<ulong>.Shared.Return(_nonzero);
        (_values, _nonzero, _blocks) = ([], [], 0);
    }
}
