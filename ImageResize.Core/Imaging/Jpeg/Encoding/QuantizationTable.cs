using System.Runtime.Intrinsics;
using ImageResize.Core.Imaging.Jpeg.Transforms;

namespace ImageResize.Core.Imaging.Jpeg.Encoding;

/// <summary>The example table for luma or chroma (ITU-T T.81, tables K.1 and K.2), scaled to a quality as libjpeg scales it.</summary>
internal sealed class QuantizationTable(bool isChroma)
{
    private const int Size = 64;
    private static readonly byte[] TransposedOrder = Transpose(BlockOrder.Zigzag);

    /// <summary>In the order of a transposed block.</summary>
    private readonly float[] _reciprocals = new float[Size];
    private readonly byte[] _steps = new byte[Size];
    private int _quality;

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
            var step = ((isChroma ? ChromaSteps : LumaSteps)[BlockOrder.Zigzag[position]] * percent) + 50;
            _steps[position] = (byte)Math.Clamp(step / 100, 1, 255);
            _reciprocals[TransposedOrder[position]] = 1f / _steps[position];
        }
    }

    /// <summary>Quantizes a transposed block, in zigzag order.</summary>
    /// <returns>A bit for each coefficient that is not zero, from the lowest bit on.</returns>
    public ulong Quantize(ReadOnlySpan<float> transposed, Span<short> coefficients)
    {
        Span<int> values = stackalloc int[Size];
        for (var index = 0; index < Size; index += Vector256<float>.Count)
        {
            var scaled = Vector256.Create(transposed[index..]) * Vector256.Create<float>(_reciprocals.AsSpan(index));
            Vector256.ConvertToInt32Native(Vector256.Round(scaled)).CopyTo(values[index..]);
        }

        coefficients = coefficients[..Size];
        for (var position = 0; position < Size; position++)
        {
            coefficients[position] = (short)values[TransposedOrder[position] & (Size - 1)];
        }

        var nonzero = 0UL;
        for (var position = 0; position < Size; position += Vector128<byte>.Count)
        {
            var isZero = Vector128.Narrow(
                Vector128.Equals(Vector128.Create<short>(coefficients[position..]), Vector128<short>.Zero),
                Vector128.Equals(Vector128.Create<short>(coefficients[(position + Vector128<short>.Count)..]), Vector128<short>.Zero));
            nonzero |= (ulong)(ushort)~isZero.ExtractMostSignificantBits() << position;
        }

        return nonzero;
    }

    private static byte[] Transpose(ReadOnlySpan<byte> order)
    {
        var transposed = new byte[order.Length];
        for (var position = 0; position < order.Length; position++)
        {
            transposed[position] = (byte)(((order[position] & 7) << 3) | (order[position] >> 3));
        }

        return transposed;
    }
}
