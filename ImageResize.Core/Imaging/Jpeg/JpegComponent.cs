using System.Buffers;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>One colour plane of a frame: how it is coded, and its samples once they are decoded.</summary>
internal sealed class JpegComponent
{
    /// <summary>By zigzag position: the bit down to which a progressive file has sent the coefficient so far; -1 before it has sent any.</summary>
    private readonly sbyte[] _sentDownTo = new sbyte[64];

    private readonly ushort[] _quantisation = new ushort[64];
    private byte[] _samples = [];
    private int _sampleCount;
    private short[] _coefficients = [];

    /// <summary>Its place in the frame.</summary>
    public int Index { get; private set; }

    public int Id { get; private set; }

    public int HorizontalFactor { get; private set; }

    public int VerticalFactor { get; private set; }

    public int QuantisationNumber { get; private set; }

    /// <summary>Blocks that hold a part of the picture; what scans of this component alone send.</summary>
    public int BlocksAcross { get; private set; }

    public int BlocksDown { get; private set; }

    /// <summary>Samples kept of each block, across and down: 1 or 2.</summary>
    public int Scale { get; private set; }

    /// <summary>Samples from one row to the next: those of whole MCUs.</summary>
    public int Stride { get; private set; }

    public int Width => BlocksAcross * Scale;

    public int Height => BlocksDown * Scale;

    /// <summary>The samples across that the picture covers: less than the width when it ends inside a block.</summary>
    public double PictureWidth { get; private set; }

    public double PictureHeight { get; private set; }

    /// <summary>Its table has been taken over, at its first scan as libjpeg does; a later one does not change it.</summary>
    public bool HasQuantisation { get; private set; }

    public ReadOnlySpan<ushort> Quantisation => _quantisation;

    /// <summary>Where its samples begin among the frame's.</summary>
    public int SamplesStart { get; private set; }

    public byte[] AllSamples => _samples;

    public Span<byte> Samples => _samples.AsSpan(SamplesStart, _sampleCount);

    /// <summary>A progressive file's DC coefficients, one for each block.</summary>
    public short[] Coefficients => _coefficients;

    /// <summary>The decoded DC of the block before.</summary>
    public int Prediction { get; set; }

    public HuffmanTable? DcTable { get; set; }

    public HuffmanTable? AcTable { get; set; }

    public void Define(int index, int id, int factors, int quantisationNumber)
    {
        Index = index;
        Id = id;
        HorizontalFactor = factors >> 4;
        VerticalFactor = factors & 15;
        QuantisationNumber = quantisationNumber;
        HasQuantisation = false;
        Array.Fill(_sentDownTo, (sbyte)-1);
    }

    /// <summary>Sets the measures that follow from the frame's.</summary>
    /// <returns>How many samples it needs.</returns>
    public int Prepare(JpegFrame frame, int scale)
    {
        Scale = scale;
        BlocksAcross = CeilingOfQuotient(frame.Width * HorizontalFactor, 8 * frame.MaxHorizontalFactor);
        BlocksDown = CeilingOfQuotient(frame.Height * VerticalFactor, 8 * frame.MaxVerticalFactor);
        PictureWidth = frame.Width * (double)(HorizontalFactor * scale) / (8 * frame.MaxHorizontalFactor);
        PictureHeight = frame.Height * (double)(VerticalFactor * scale) / (8 * frame.MaxVerticalFactor);
        Stride = frame.McusAcross * HorizontalFactor * scale;

        var blocks = frame.McusAcross * HorizontalFactor * frame.McusDown * VerticalFactor;
        _sampleCount = blocks * scale * scale;
        if (frame.IsProgressive)
        {
            _coefficients = ArrayPool<short>.Shared.Rent(blocks);
        }

        return _sampleCount;
    }

    public void TakeSamples(byte[] samples, int start) => (_samples, SamplesStart) = (samples, start);

    public void Release()
    {
        ArrayPool<short>.Shared.Return(_coefficients);
        (_samples, _sampleCount) = ([], 0);
        _coefficients = [];
    }

    public void TakeQuantisation(ReadOnlySpan<ushort> table)
    {
        table.CopyTo(_quantisation);
        HasQuantisation = true;
    }

    /// <summary>Notes what a progressive scan sends; false when it is not the next thing to be sent.</summary>
    public bool TryNote(in ProgressiveStep step)
    {
        for (var position = step.First; position <= step.Last; position++)
        {
            // AC after DC; then from the top bits to the last, one bit at a time.
            if (_sentDownTo[position] != step.PreviousBit || (position > 0 && _sentDownTo[0] < 0))
            {
                return false;
            }

            _sentDownTo[position] = (sbyte)step.Bit;
        }

        return true;
    }

    public bool HasWholeDc => _sentDownTo[0] == 0;

    private static int CeilingOfQuotient(int value, int divisor) => (value + divisor - 1) / divisor;
}
