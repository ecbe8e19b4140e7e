using NetVips;

namespace ImageResize.Tests.Imaging.Jpeg;

/// <summary>JPEGs in which two cursors do not synchronize at once. The benchmark uses this file too.</summary>
internal static class SynchronizationJpegs
{
    /// <summary>Every MCU has the same few bits: a cursor that starts at a wrong bit never synchronizes.</summary>
    public static byte[] OneColour(int width, int height, bool isGray = false)
    {
        using var black = Image.Black(width, height, bands: isGray ? 1 : 3);
        var interpretation = isGray ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb;
        using var picture = (black + 90).Cast(Enums.BandFormat.Uchar).Copy(interpretation: interpretation);
        return picture.JpegsaveBuffer(q: 80, keep: Enums.ForeignKeep.None);
    }

    /// <summary>Each block has the same eight bits, and they are not a valid code from any byte boundary on.</summary>
    public static byte[] NeverRight()
    {
        const int Blocks = 256 * 255;
        byte[] header =
        [
            0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64), 0xFF, 0xC0, 0, 11, 8, 7, 0xF8, 8, 0, 1, 1, 0x11, 0,
            0xFF, 0xC4, 0, 21, 0x00, 0, 2, .. new byte[14], 3, 0, // DC: 00 has three more bits, 01 none
            0xFF, 0xC4, 0, 21, 0x10, 1, 1, .. new byte[14], 3, 0, // AC: 0 has three more bits, 10 ends the block
            0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0,
        ];

        // 00 111 0111 10 for the first block, then 01 0111 10 for each: three bits after a byte boundary.
        var bits = string.Concat("00111", "011110", string.Concat(Enumerable.Repeat("01011110", Blocks - 1)), "11111");
        var scan = Enumerable.Range(0, bits.Length / 8).Select(index => Convert.ToByte(bits.Substring(8 * index, 8), 2));
        return [.. header, .. scan, 0xFF, 0xD9];
    }
}
