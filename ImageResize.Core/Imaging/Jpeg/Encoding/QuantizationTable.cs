namespace ImageResize.Core.Imaging.Jpeg.Encoding;

/// <summary>The example table for luma or chroma (ITU-T T.81, tables K.1 and K.2), scaled to a quality as libjpeg scales it.</summary>
internal sealed class QuantizationTable(bool isChroma)
{
    private const int Size = 64;
    private readonly float[] _reciprocals = new float[Size];
    private readonly byte[] _steps = new byte[Size];
    private int _quality;

    /// <summary>The index in row order of each zigzag position (ITU-T T.81, figure A.6).</summary>
    public static ReadOnlySpan<byte> Zigzag =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
        12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
        58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    private static ReadOnlySpan<byte> LumaSteps =>
    [
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55,
        14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
        49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
    ];

    private static ReadOnlySpan<byte> ChromaSteps =>
    [
        17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99,
        24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    ];

    /// <summary>In zigzag order, as a file stores them.</summary>
    public ReadOnlySpan<byte> Steps => _steps;

    public void Prepare(int quality)
    {
        if (quality == _quality)
        {
            return;
        }

        _quality = quality;
        var percent = quality < 50 ? 5_000 / quality : 200 - (2 * quality);
        for (var position = 0; position < Size; position++)
        {
            var step = ((isChroma ? ChromaSteps : LumaSteps)[Zigzag[position]] * percent) + 50;
            _steps[position] = (byte)Math.Clamp(step / 100, 1, 255);
            _reciprocals[position] = 1f / _steps[position];
        }
    }

    /// <summary>Quantizes a transposed block, in zigzag order.</summary>
    public void Quantize(ReadOnlySpan<float> transposed, Span<int> coefficients)
    {
        for (var position = 0; position < Size; position++)
        {
            var index = Zigzag[position];
            var value = transposed[((index & 7) << 3) | (index >> 3)] * _reciprocals[position];
            coefficients[position] = (int)MathF.Round(value);
        }
    }
}
