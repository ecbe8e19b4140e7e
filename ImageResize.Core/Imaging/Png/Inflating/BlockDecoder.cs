using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ImageResize.Core.Imaging.Png.Inflating;

/// <summary>
/// Decodes the literals and matches of a block. The loop checks the room for a whole step instead of each byte: a step reads at most 22
/// bytes and writes at most 12 of literals and a match with its vectors.
/// </summary>
internal static class BlockDecoder
{
    private const uint LiteralMask = (1 << BlockCodes.LiteralBits) - 1;
    private const uint DistanceMask = (1 << BlockCodes.DistanceBits) - 1;
    private const int SubtableBits = CodeTable.MaxLength - BlockCodes.LiteralBits;
    private const int DistanceSubtableBits = CodeTable.MaxLength - BlockCodes.DistanceBits;

    /// <summary>Of the longest distance's code and its extra bits.</summary>
    private const int MaxDistanceBits = 28;

    /// <param name="end">Of the bytes in the window.</param>
    /// <param name="limit">No step starts here or later. The window is longer by the bytes of a step.</param>
    /// <param name="lastStep">No step starts later in the source, after which more bytes follow than a step reads.</param>
    public static BlockState Decode(
        ref BitSource from, BlockCodes codes, byte[] window, ref int end, int limit, int lastStep)
    {
        var source = from;
        ref var literals = ref MemoryMarshal.GetReference(codes.Literals.Entries);
        ref var distances = ref MemoryMarshal.GetReference(codes.Distances.Entries);
        ref var output = ref MemoryMarshal.GetArrayDataReference(window);
        var at = end;
        var state = BlockState.Open;
        while (at < limit && source.At <= lastStep)
        {
            source.Refill();
            if (TryReadLiterals(ref source, ref literals, ref output, ref at, out var entry))
            {
                continue;
            }

            if ((entry & (CodeEntry.EndOfBlock | CodeEntry.Invalid)) != 0)
            {
                source.Skip(entry);
                state = (entry & CodeEntry.Invalid) != 0 ? BlockState.Damaged : BlockState.Ended;
                break;
            }

            var length = TakeValue(ref source, entry);
            if (source.Count < MaxDistanceBits)
            {
                source.Refill();
            }

            var distance = TakeDistance(ref source, ref distances);
            if (distance - 1 >= (uint)at)
            {
                state = BlockState.Damaged;
                break;
            }

            MatchCopy.Copy(ref Unsafe.Add(ref output, at), (int)distance, (int)length);
            at += (int)length;
        }

        from = source;
        end = at;
        return state;
    }

    /// <summary>Up to four times. After three, the register still has the bits of a length.</summary>
    /// <returns>Whether the entry was a literal, too.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadLiterals(ref BitSource source, ref uint literals, ref byte output, ref int at, out uint entry)
    {
        entry = Unsafe.Add(ref literals, (nint)(source.Bits & LiteralMask));
        if ((entry & CodeEntry.CountMask) != 0)
        {
            WriteLiterals(ref source, ref output, ref at, entry);
            entry = Unsafe.Add(ref literals, (nint)(source.Bits & LiteralMask));
            if ((entry & CodeEntry.CountMask) != 0)
            {
                WriteLiterals(ref source, ref output, ref at, entry);
                entry = Unsafe.Add(ref literals, (nint)(source.Bits & LiteralMask));
                if ((entry & CodeEntry.CountMask) != 0)
                {
                    WriteLiterals(ref source, ref output, ref at, entry);
                    entry = Unsafe.Add(ref literals, (nint)(source.Bits & LiteralMask));
                }
            }
        }

        // Literals have other meanings for the bits of flags.
        if ((entry & (CodeEntry.CountMask | CodeEntry.Subtable)) == CodeEntry.Subtable)
        {
            source.Skip(entry);
            entry = Unsafe.Add(ref literals, (nint)(entry >> CodeEntry.BaseShift) + (nint)(source.Bits & ((1 << SubtableBits) - 1)));
        }

        if ((entry & CodeEntry.CountMask) == 0)
        {
            return false;
        }

        WriteLiterals(ref source, ref output, ref at, entry);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteLiterals(ref BitSource source, ref byte output, ref int at, uint entry)
    {
        source.Skip(entry);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref output, at), entry >> CodeEntry.LiteralShift);
        at += (int)(entry >> CodeEntry.CountShift) & 3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint TakeValue(ref BitSource source, uint entry)
    {
        var extra = (source.Bits & ((1ul << (int)entry) - 1)) >> (int)((entry >> CodeEntry.CodeShift) & CodeEntry.CodeMask);
        source.Skip(entry);
        return (entry >> CodeEntry.BaseShift) + (uint)extra;
    }

    /// <returns>0 for an invalid code.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint TakeDistance(ref BitSource source, ref uint distances)
    {
        var entry = Unsafe.Add(ref distances, (nint)(source.Bits & DistanceMask));
        if ((entry & CodeEntry.Subtable) != 0)
        {
            source.Skip(entry);
            entry = Unsafe.Add(
                ref distances, (nint)(entry >> CodeEntry.BaseShift) + (nint)(source.Bits & ((1 << DistanceSubtableBits) - 1)));
        }

        // The base of an invalid entry is 0, and it has no extra bits.
        return TakeValue(ref source, entry);
    }
}
