using System.Runtime.Intrinsics;

namespace ImageResize.Core.Imaging.Png.Inflating;

/// <summary>The checksum of a zlib stream (RFC 1950, 8.2).</summary>
internal struct Adler()
{
    private const uint Base = 65_521;

    /// <summary>Vectors whose weighted sums fit 16 bits: 255 times 1 + 2 + ... + 16.</summary>
    private const int Rounds = 16;


    private uint _sum = 1;
    private uint _weighted;

    public readonly uint Value => (_weighted << 16) | _sum;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var (sum, weighted) = (_sum, _weighted);
        while (bytes.Length >= Vector256<byte>.Count)
        {
            var rounds = Math.Min(Rounds, bytes.Length / Vector256<byte>.Count);
            var part = bytes[..(rounds * Vector256<byte>.Count)];
            AddVectors(part, ref sum, ref weighted);
            bytes = bytes[part.Length..];
        }

        foreach (var value in bytes)
        {
            sum += value;
            weighted += sum;
        }

        (_sum, _weighted) = (sum % Base, weighted % Base);
    }

    /// <summary>Sums each lane, and, for the weights, the sums of each lane so far.</summary>
    private static void AddVectors(ReadOnlySpan<byte> bytes, ref uint sum, ref uint weighted)
    {
        var (low, high) = (Vector256<ushort>.Zero, Vector256<ushort>.Zero);
        var (lowSums, highSums) = (low, high);
        var length = (uint)bytes.Length;
        for (; !bytes.IsEmpty; bytes = bytes[Vector256<byte>.Count..])
        {
            var (first, second) = Vector256.Widen(Vector256.Create(bytes));
            low += first;
            high += second;
            lowSums += low;
            highSums += high;
        }

        var added = Sum(low) + Sum(high);
        var places = Sum(low, Vector256<ushort>.Indices) + Sum(high, Vector256<ushort>.Indices + Vector256.Create((ushort)16));
        weighted = (weighted + (length * sum) + (32 * (Sum(lowSums) + Sum(highSums))) - places) % Base;
        sum = (sum + added) % Base;
    }

    private static uint Sum(Vector256<ushort> values)
    {
        var (low, high) = Vector256.Widen(values);
        return Vector256.Sum(low + high);
    }

    private static uint Sum(Vector256<ushort> values, Vector256<ushort> factors)
    {
        var (low, high) = Vector256.Widen(values);
        var (lowFactors, highFactors) = Vector256.Widen(factors);
        return Vector256.Sum((low * lowFactors) + (high * highFactors));
    }
}
