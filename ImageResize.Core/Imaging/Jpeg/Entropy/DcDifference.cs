using System.Runtime.CompilerServices;

namespace ImageResize.Core.Imaging.Jpeg.Entropy;

/// <summary>Decodes the difference between a block's DC coefficient and that of the block before it (ITU-T T.81, F.2.2.1).</summary>
internal static class DcDifference
{
    /// <summary>Reads one DC symbol with its value. The reader must be refilled, and keeps enough bits for a lookup afterwards.</summary>
    public static bool TryRead(ref BitReader reader, HuffmanTable table, out int difference)
    {
        int entry = table.Lookups[table.Start + (int)(reader.Bits >> (64 - HuffmanTable.DcLookupBits))];
        reader.Refill();
        if (entry == 0)
        {
            entry = table.DecodeLong(reader.Bits);
            difference = entry >> 16;
        }
        else
        {
            difference = Extend(reader.Bits, entry);
        }

        reader.Take(entry);
        return entry != 0;
    }

    /// <summary>
    /// The value that the bits after a DC code represent (ITU-T T.81, figure F.12), without a branch.
    /// </summary>
    /// <param name="bits">The code and its value bits, from the top.</param>
    /// <param name="entry">From the DC lookups of <see cref="HuffmanTable.Lookups"/>, not 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Extend(ulong bits, int entry)
    {
        var size = entry >> 8;
        var extra = (int)(bits << (entry - size) >> 1 >> (63 - size));
        return extra + (((extra - (1 << (size - 1))) >> 31) & ((-1 << size) + 1));
    }
}
