using ImageResize.Core.Imaging.Metadata;

namespace ImageResize.Core.Imaging.Formats.Avif;

/// <summary>Reads the colour description in the sequence header of AV1 data (AV1 Bitstream Specification, 5.3 and 5.5).</summary>
internal static class Av1SequenceHeader
{
    private const int SequenceHeader = 1;
    private const int ProfileWithFullChroma = 1;
    private const int ProfileWith12Bits = 2;
    private const int LastLevelWithoutTier = 7;

    /// <summary>The sequence header is the first unit, or the second after a delimiter.</summary>
    private const int MaxUnits = 8;

    /// <param name="data">Units of AV1 data ("OBUs").</param>
    /// <returns>Null if the data has no sequence header, or it does not describe its colours.</returns>
    public static DeclaredColours? FindColours(ReadOnlySpan<byte> data)
    {
        for (var units = 0; units < MaxUnits && data.Length > 2; units++)
        {
            var (type, hasExtension, hasLength) = ((data[0] >> 3) & 15, (data[0] & 4) != 0, (data[0] & 2) != 0);
            data = data[(hasExtension ? 2 : 1)..];
            var length = hasLength ? ReadLength(ref data) : data.Length;
            if (length > data.Length)
            {
                return null;
            }

            if (type == SequenceHeader)
            {
                return ReadColours(data[..length]);
            }

            data = data[length..];
        }

        return null;
    }

    /// <summary>Seven bits a byte, the lowest first ("leb128").</summary>
    private static int ReadLength(ref ReadOnlySpan<byte> data)
    {
        var length = 0L;
        for (var shift = 0; shift < 32 && !data.IsEmpty; shift += 7)
        {
            var part = data[0];
            data = data[1..];
            length |= (long)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                break;
            }
        }

        return (int)Math.Min(length, int.MaxValue);
    }

    private static DeclaredColours? ReadColours(ReadOnlySpan<byte> header)
    {
        var bits = new Av1BitReader(header);
        var profile = bits.Read(3);
        bits.Skip(1); // a still picture
        var isReduced = bits.ReadFlag();
        if (isReduced)
        {
            bits.Skip(5); // level
        }
        else
        {
            SkipOperatingPoints(ref bits);
        }

        SkipSize(ref bits, isReduced);
        SkipTools(ref bits, isReduced);

        var isDeep = bits.ReadFlag();
        bits.Skip(profile == ProfileWith12Bits && isDeep ? 1 : 0);
        bits.Skip(profile == ProfileWithFullChroma ? 0 : 1); // monochrome
        if (!bits.ReadFlag())
        {
            return null;
        }

        var (primaries, transfer) = ((int)bits.Read(8), (int)bits.Read(8));
        return bits.IsPastEnd ? null : DeclaredColours.FromCicp(primaries, transfer);
    }

    private static void SkipOperatingPoints(ref Av1BitReader bits)
    {
        var delayBits = 0;
        if (bits.ReadFlag())
        {
            bits.Skip(64); // the length of a tick
            if (bits.ReadFlag())
            {
                bits.SkipVariable();
            }

            if (bits.ReadFlag())
            {
                delayBits = (int)bits.Read(5) + 1;
                bits.Skip(42); // the decoder's clock
            }
        }

        var hasDisplayDelays = bits.ReadFlag();
        for (var points = bits.Read(5) + 1; points > 0; points--)
        {
            bits.Skip(12);
            var hasTier = bits.Read(5) > LastLevelWithoutTier;
            bits.Skip(hasTier ? 1 : 0);
            if (delayBits > 0 && bits.ReadFlag())
            {
                bits.Skip((2 * delayBits) + 1);
            }

            if (hasDisplayDelays && bits.ReadFlag())
            {
                bits.Skip(4);
            }
        }
    }

    private static void SkipSize(ref Av1BitReader bits, bool isReduced)
    {
        var (widthBits, heightBits) = ((int)bits.Read(4) + 1, (int)bits.Read(4) + 1);
        bits.Skip(widthBits + heightBits);
        if (!isReduced && bits.ReadFlag())
        {
            bits.Skip(7); // lengths of frame numbers
        }
    }

    private static void SkipTools(ref Av1BitReader bits, bool isReduced)
    {
        bits.Skip(3); // block size and intra filters
        if (!isReduced)
        {
            bits.Skip(4); // prediction between frames
            var hasOrder = bits.ReadFlag();
            bits.Skip(hasOrder ? 2 : 0);
            var choosesScreenTools = bits.ReadFlag();
            if (choosesScreenTools || bits.ReadFlag())
            {
                var choosesWholeMotion = bits.ReadFlag();
                bits.Skip(choosesWholeMotion ? 0 : 1);
            }

            bits.Skip(hasOrder ? 3 : 0);
        }

        bits.Skip(3); // filters after decoding
    }
}
