using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ImageResize.Core.Imaging.Png.Inflating;

/// <summary>Repeats bytes before a position, which may overlap the copy. Writes whole vectors, up to 32 bytes too many.</summary>
internal static class MatchCopy
{
    private const int Width = 16;

    /// <summary>By distance: for each byte of a vector, the byte of the pattern that it repeats.</summary>
    private static readonly byte[] Patterns =
        [.. Enumerable.Range(0, Width * Width).Select(at => (byte)(at % Width % Math.Max(1, at / Width)))];

    /// <summary>By distance: how many bytes of a vector are whole patterns.</summary>
    private static readonly byte[] Steps =
        [.. Enumerable.Range(0, Width).Select(distance => (byte)(Width - (Width % Math.Max(1, distance))))];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(ref byte target, int distance, int length)
    {
        ref var source = ref Unsafe.Subtract(ref target, distance);
        if (distance >= Width)
        {
            Vector128.LoadUnsafe(ref source).StoreUnsafe(ref target);
            for (var done = Width; done < length; done += Width)
            {
                Vector128.LoadUnsafe(ref source, (nuint)done).StoreUnsafe(ref target, (nuint)done);
            }

            return;
        }

        Repeat(ref source, ref target, distance, length);
    }

    private static void Repeat(ref byte source, ref byte target, int distance, int length)
    {
        var order = Vector128.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(Patterns), (nuint)(distance * Width));
        var pattern = Vector128.ShuffleNative(Vector128.LoadUnsafe(ref source), order);
        int step = Steps[distance];
        for (var done = 0; done < length; done += step)
        {
            pattern.StoreUnsafe(ref target, (nuint)done);
        }
    }
}
