using ImageResize.Core.Imaging.Jpeg.Entropy;
using ImageResize.Core.Imaging.Jpeg.Transforms;

namespace ImageResize.Core.Imaging.Jpeg.Frames;

/// <summary>One color plane of a frame: how it is coded, and its decoded samples.</summary>
internal sealed class JpegComponent
{
    /// <summary>By zigzag position: the lowest bit of the coefficient that scans have sent so far, or -1 before the first.</summary>
    private readonly sbyte[] _sentDownTo = new sbyte[64];

    private readonly ushort[] _quantization = new ushort[64];
    private readonly float[] _multipliers = new float[64];
    private byte[] _samples = [];
    private int _sampleCount;

    /// <summary>Its index in the frame.</summary>
    public int Index { get; private set; }

    public int Id { get; private set; }

    public int HorizontalFactor { get; private set; }

    public int VerticalFactor { get; private set; }

    public int QuantizationNumber { get; private set; }

    /// <summary>Blocks that contain a part of the image. A scan of this component alone has only these (ITU-T T.81, A.2.2).</summary>
    public int BlocksAcross { get; private set; }

    public int BlocksDown { get; private set; }

    /// <summary>Samples kept of each block, across and down: 1, 2, 4 or 8.</summary>
    public int Scale { get; private set; }

    /// <summary>Samples per row, incomplete MCUs included.</summary>
    public int Stride { get; private set; }

    public int Width => BlocksAcross * Scale;

    public int Height => BlocksDown * Scale;

    /// <summary>Samples across that the image covers. Less than the width if the image ends inside a block.</summary>
    public double ImageWidth { get; private set; }

    public double ImageHeight { get; private set; }

    /// <summary>
    /// Whether its quantization table is set. As in libjpeg, the table is taken at the component's first scan and does not change later.
    /// </summary>
    public bool HasQuantization { get; private set; }

    public ReadOnlySpan<ushort> Quantization => _quantization;

    /// <summary>For the inverse DCT of a scale of 4 or 8.</summary>
    public ReadOnlySpan<float> Multipliers => _multipliers;

    /// <summary>Offset of its samples in <see cref="AllSamples"/>.</summary>
    public int SamplesStart { get; private set; }

    public byte[] AllSamples => _samples;

    public Span<byte> Samples => _samples.AsSpan(SamplesStart, _sampleCount);

    /// <summary>Blocks per row, incomplete MCUs included.</summary>
    public int BlockStride => Stride / Scale;

    /// <summary>Of progressive files.</summary>
    public ProgressiveCoefficients Coefficients { get; } = new();

    /// <summary>The DC coefficient of the previous block.</summary>
    public int Prediction { get; set; }

    public HuffmanTable? DcTable { get; set; }

    public HuffmanTable? AcTable { get; set; }

    public void Define(int index, int id, int factors, int quantizationNumber)
    {
        Index = index;
        Id = id;
        HorizontalFactor = factors >> 4;
        VerticalFactor = factors & 15;
        QuantizationNumber = quantizationNumber;
        HasQuantization = false;
        Array.Fill(_sentDownTo, (sbyte)-1);
    }

    /// <summary>Computes the component's sizes from the frame's.</summary>
    /// <param name="kept">Coefficients of a block that the scale needs.</param>
    /// <returns>The number of samples.</returns>
    public int Prepare(JpegFrame frame, int scale, int kept)
    {
        Scale = scale;
        BlocksAcross = CeilingOfQuotient(frame.Width * HorizontalFactor, 8 * frame.MaxHorizontalFactor);
        BlocksDown = CeilingOfQuotient(frame.Height * VerticalFactor, 8 * frame.MaxVerticalFactor);
        ImageWidth = frame.Width * (double)(HorizontalFactor * scale) / (8 * frame.MaxHorizontalFactor);
        ImageHeight = frame.Height * (double)(VerticalFactor * scale) / (8 * frame.MaxVerticalFactor);
        Stride = frame.McusAcross * HorizontalFactor * scale;

        var blocks = frame.McusAcross * HorizontalFactor * frame.McusDown * VerticalFactor;
        _sampleCount = blocks * scale * scale;
        if (frame.IsProgressive)
        {
            Coefficients.Prepare(blocks, kept);
        }

        return _sampleCount;
    }

    public void TakeSamples(byte[] samples, int start) => (_samples, SamplesStart) = (samples, start);

    public void Release()
    {
        Coefficients.Release();
        (_samples, _sampleCount) = ([], 0);
    }

    public void TakeQuantization(ReadOnlySpan<ushort> table)
    {
        table.CopyTo(_quantization);
        HasQuantization = true;
        if (Scale >= InverseDct.HalfSide)
        {
            InverseDct.MakeMultipliers(table, Scale, _multipliers);
        }
    }

    /// <summary>Records what a progressive scan sends. False if scans are out of order (ITU-T T.81, G.1.1.1).</summary>
    public bool TryRecord(in ProgressiveStep step)
    {
        for (var position = step.First; position <= step.Last; position++)
        {
            // AC after DC, then one bit at a time from the highest sent bit to the lowest.
            if (_sentDownTo[position] != step.PreviousBit || (position > 0 && _sentDownTo[0] < 0))
            {
                return false;
            }

            _sentDownTo[position] = (sbyte)step.Bit;
        }

        return true;
    }

    /// <summary>Whether scans have sent all bits of the first coefficients.</summary>
    public bool HasWhole(int coefficients) => !_sentDownTo.AsSpan(0, coefficients).ContainsAnyExcept((sbyte)0);

    private static int CeilingOfQuotient(int value, int divisor) => (value + divisor - 1) / divisor;
}
