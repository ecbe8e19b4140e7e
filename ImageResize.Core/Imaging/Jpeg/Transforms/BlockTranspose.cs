using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ImageResize.Core.Imaging.Jpeg.Transforms;

/// <summary>Transposes blocks of floats in place, by exchanging quarters, then quarters of those, down to single values.</summary>
internal static class BlockTranspose
{
    private const int Row = 8;

    /// <summary>Transposes 8 x 8 values.</summary>
    public static void Whole(Span<float> block)
    {
        for (var row = 0; row < 4; row++)
        {
            var upper = block[(row * Row)..];
            var lower = block[((row + 4) * Row)..];
            var (a, b) = (Vector256.Create<float>(upper), Vector256.Create<float>(lower));
            Vector256.Create(a.GetLower(), b.GetLower()).CopyTo(upper);
            Vector256.Create(a.GetUpper(), b.GetUpper()).CopyTo(lower);
        }

        for (var row = 0; row < Row; row += 4)
        {
            var a = Vector256.Create<float>(block[(row * Row)..]);
            var b = Vector256.Create<float>(block[((row + 1) * Row)..]);
            var c = Vector256.Create<float>(block[((row + 2) * Row)..]);
            var d = Vector256.Create<float>(block[((row + 3) * Row)..]);
            (a, c) = ExchangePairs(a, c);
            (b, d) = ExchangePairs(b, d);
            (a, b) = ExchangeSingles(a, b);
            (c, d) = ExchangeSingles(c, d);
            a.CopyTo(block[(row * Row)..]);
            b.CopyTo(block[((row + 1) * Row)..]);
            c.CopyTo(block[((row + 2) * Row)..]);
            d.CopyTo(block[((row + 3) * Row)..]);
        }
    }

    /// <summary>Transposes 4 x 4 values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Rows0And1, Vector256<float> Rows2And3) Quarter(Vector256<float> rows0And1, Vector256<float> rows2And3)
    {
        var (singles0And2, singles1And3) = ExchangeSingles(
            Vector256.Create(rows0And1.GetLower(), rows2And3.GetLower()), Vector256.Create(rows0And1.GetUpper(), rows2And3.GetUpper()));

        // Each is the upper and lower part of two columns now: the pairs that are left are exchanged between its halves.
        var order = Vector256.Create(0, 1, 4, 5, 2, 3, 6, 7);
        var (columns0And2, columns1And3) = (Vector256.Shuffle(singles0And2, order), Vector256.Shuffle(singles1And3, order));

        return (
            Vector256.Create(columns0And2.GetLower(), columns1And3.GetLower()),
            Vector256.Create(columns0And2.GetUpper(), columns1And3.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> A, Vector256<float> B) ExchangePairs(Vector256<float> a, Vector256<float> b)
    {
        var isFirst = Vector256.Create(-1, -1, 0, 0, -1, -1, 0, 0).AsSingle();

        return (
            Vector256.ConditionalSelect(isFirst, a, Vector256.Shuffle(b, Vector256.Create(0, 1, 0, 1, 4, 5, 4, 5))),
            Vector256.ConditionalSelect(isFirst, Vector256.Shuffle(a, Vector256.Create(2, 3, 2, 3, 6, 7, 6, 7)), b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> A, Vector256<float> B) ExchangeSingles(Vector256<float> a, Vector256<float> b)
    {
        var isFirst = Vector256.Create(-1, 0, -1, 0, -1, 0, -1, 0).AsSingle();

        return (
            Vector256.ConditionalSelect(isFirst, a, Vector256.Shuffle(b, Vector256.Create(0, 0, 2, 2, 4, 4, 6, 6))),
            Vector256.ConditionalSelect(isFirst, Vector256.Shuffle(a, Vector256.Create(1, 1, 3, 3, 5, 5, 7, 7)), b));
    }
}
