namespace ImageResize.Core.Imaging.Jpeg.Encoding;

/// <summary>The example codes (ITU-T T.81, tables K.3 to K.6).</summary>
internal sealed class HuffmanCodes
{
    public static readonly HuffmanCodes Luma = new(
        [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
        Convert.FromHexString(
            "0002010303020403050504040000017D" +
            "01020300041105122131410613516107227114328191A1082342B1C11552D1F02433627282090A161718191A25262728292A3435363738" +
            "393A434445464748494A535455565758595A636465666768696A737475767778797A838485868788898A92939495969798999AA2A3A4A5" +
            "A6A7A8A9AAB2B3B4B5B6B7B8B9BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DAE1E2E3E4E5E6E7E8E9EAF1F2F3F4F5F6F7F8F9FA"));

    public static readonly HuffmanCodes Chroma = new(
        [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
        Convert.FromHexString(
            "00020102040403040705040400010277" +
            "0001020311040521310612415107617113223281081442" +
            "91A1B1C109233352F0156272D10A162434E125F11718191A262728292A35363738393A434445464748494A535455565758595A63646566" +
            "6768696A737475767778797A82838485868788898A92939495969798999AA2A3A4A5A6A7A8A9AAB2B3B4B5B6B7B8B9BAC2C3C4C5C6C7C8" +
            "C9CAD2D3D4D5D6D7D8D9DAE2E3E4E5E6E7E8E9EAF2F3F4F5F6F7F8F9FA"));

    private readonly int[] _dc = new int[256];
    private readonly int[] _ac = new int[256];

    private HuffmanCodes(byte[] dcDefinition, byte[] acDefinition)
    {
        DcDefinition = dcDefinition;
        AcDefinition = acDefinition;
        Assign(dcDefinition, _dc);
        Assign(acDefinition, _ac);
    }

    /// <summary>Sixteen counts by length, then the symbols, as a file stores them.</summary>
    public byte[] DcDefinition { get; }

    public byte[] AcDefinition { get; }

    /// <summary>By symbol: the code in the upper bits and its length in the lowest five.</summary>
    public ReadOnlySpan<int> Dc => _dc;

    public ReadOnlySpan<int> Ac => _ac;

    private static void Assign(ReadOnlySpan<byte> definition, Span<int> codes)
    {
        var code = 0;
        var symbols = definition[16..];
        for (var length = 1; length <= 16; length++, code <<= 1)
        {
            for (var left = definition[length - 1]; left > 0; left--)
            {
                codes[symbols[0]] = (code++ << 5) | length;
                symbols = symbols[1..];
            }
        }
    }
}
