using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ImageResize.Core.Imaging.Png.Rows;

/// <summary>
/// Undoes the filters of rows (PNG, third edition, 9). All rows have <see cref="Padding"/> bytes more than their pixels, so that the last
/// pixels can be read and written as vectors. What the padding contains does not count.
/// </summary>
internal static class RowFilter
{
    public const int Padding = 64;

    /// <param name="filter">Its number, which the row starts with.</param>
    /// <param name="above">The row above: zeros if there is none.</param>
    /// <param name="pixel">Bytes of a pixel, 1 to 4.</param>
    /// <param name="length">Bytes of the row without its padding.</param>
    /// <returns>Whether there is such a filter.</returns>
    public static bool TryUndo(int filter, ReadOnlySpan<byte> filtered, ReadOnlySpan<byte> above, Span<byte> row, int pixel, int length)
    {
        filtered = filtered[..(length + Padding)];
        above = above[..filtered.Length];
        row = row[..filtered.Length];
        switch (filter)
        {
            case 0:
                filtered.CopyTo(row);
                return true;
            case 2:
                AddAbove(filtered, above, row, length);
                return true;
            case 1 or 3 or 4 when pixel < 3:
                UndoNarrow(filter, filtered[..length], above, row, pixel);
                return true;
            case 1:
                SumPixels(filtered, row, pixel, length);
                return true;
            case 3:
                AddAverages(filtered, above, row, pixel, length);
                return true;
            case 4:
                AddPredictions(filtered, above, row, pixel, length);
                return true;
            default:
                return false;
        }
    }

    private static void AddAbove(ReadOnlySpan<byte> filtered, ReadOnlySpan<byte> above, Span<byte> row, int length)
    {
        for (var at = 0; at < length; at += Vector256<byte>.Count)
        {
            (Vector256.Create(filtered[at..]) + Vector256.Create(above[at..])).CopyTo(row[at..]);
        }
    }

    /// <summary>Adds the pixel on the left, to four pixels at once: sums of two, then of four, and the last pixel before.</summary>
    private static void SumPixels(ReadOnlySpan<byte> filtered, Span<byte> row, int pixel, int length)
    {
        // Indices beyond a vector give zeros.
        var byOne = Vector128<byte>.Indices - Vector128.Create((byte)pixel);
        var byTwo = Vector128<byte>.Indices - Vector128.Create((byte)(2 * pixel));
        var last = pixel == 4 ? Vector128.Create(12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, (byte)15)
            : Vector128.Create(9, 10, 11, 9, 10, 11, 9, 10, 11, 9, 10, 11, 9, 10, 11, (byte)9);
        var before = Vector128<byte>.Zero;
        for (var at = 0; at < length; at += 4 * pixel)
        {
            var sums = Vector128.Create(filtered[at..]);
            sums += Vector128.Shuffle(sums, byOne);
            sums += Vector128.Shuffle(sums, byTwo);
            sums += before;
            before = Vector128.ShuffleNative(sums, last);
            sums.CopyTo(row[at..]);
        }
    }

    private static void AddAverages(ReadOnlySpan<byte> filtered, ReadOnlySpan<byte> above, Span<byte> row, int pixel, int length)
    {
        ref var from = ref MemoryMarshal.GetReference(filtered);
        ref var up = ref MemoryMarshal.GetReference(above);
        ref var to = ref MemoryMarshal.GetReference(row);
        var high = Vector128.Create((byte)0xFE);
        var left = Vector128<byte>.Zero;
        for (var at = 0; at < length; at += pixel)
        {
            var b = Load(ref up, at).AsByte();
            var halved = ((left ^ b) & high).AsUInt16() >> 1;
            left = Load(ref from, at).AsByte() + (left & b) + halved.AsByte();
            Store(ref to, at, left);
        }
    }

    /// <summary>Paeth's predictor, ordered so that few operations depend on the pixel before.</summary>
    private static void AddPredictions(ReadOnlySpan<byte> filtered, ReadOnlySpan<byte> above, Span<byte> row, int pixel, int length)
    {
        ref var from = ref MemoryMarshal.GetReference(filtered);
        ref var up = ref MemoryMarshal.GetReference(above);
        ref var to = ref MemoryMarshal.GetReference(row);
        var mask = Vector128.Create((short)0xFF);
        var (a, c) = (Vector128<short>.Zero, Vector128<short>.Zero);
        for (var at = 0; at < length; at += pixel)
        {
            var b = Vector128.WidenLower(Load(ref up, at).AsByte()).AsInt16();
            var x = Vector128.WidenLower(Load(ref from, at).AsByte()).AsInt16();
            var (toA, toB) = (b - c, a - c);
            var toC = Vector128.Abs(toA + toB);
            (toA, toB) = (Vector128.Abs(toA), Vector128.Abs(toB));
            var rest = Vector128.ConditionalSelect(Vector128.GreaterThan(toB, toC), (x + c) & mask, (x + b) & mask);
            a = Vector128.ConditionalSelect(Vector128.GreaterThan(toA, Vector128.Min(toB, toC)), rest, (x + a) & mask);
            c = b;
            Store(ref to, at, Vector128.Narrow(a, a).AsByte());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Load(ref byte bytes, int at) =>
        Vector128.CreateScalar(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref bytes, at)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref byte bytes, int at, Vector128<byte> pixel) =>
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref bytes, at), pixel.AsUInt32().ToScalar());

    private static void UndoNarrow(int filter, ReadOnlySpan<byte> filtered, ReadOnlySpan<byte> above, Span<byte> row, int pixel)
    {
        for (var at = 0; at < filtered.Length; at++)
        {
            int a = at >= pixel ? row[at - pixel] : 0;
            int b = above[at];
            int c = at >= pixel ? above[at - pixel] : 0;
            var prediction = filter switch
            {
                1 => a,
                3 => (a + b) >> 1,
                _ => Predict(a, b, c),
            };
            row[at] = (byte)(filtered[at] + prediction);
        }
    }

    private static int Predict(int a, int b, int c)
    {
        var (toA, toB, toC) = (Math.Abs(b - c), Math.Abs(a - c), Math.Abs(a + b - c - c));
        return toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
    }
}
