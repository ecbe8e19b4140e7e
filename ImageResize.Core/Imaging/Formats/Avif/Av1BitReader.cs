namespace ImageResize.Core.Imaging.Formats.Avif;

/// <summary>Reads numbers of any length in bits, the highest bit first. Bits after the end are 0.</summary>
internal ref struct Av1BitReader(ReadOnlySpan<byte> bytes)
{
    private const int MaxZeros = 32;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    public readonly bool IsPastEnd => _position > _bytes.Length * 8;

    public bool ReadFlag() => Read(1) != 0;

    public uint Read(int bits)
    {
        var value = 0u;
        for (; bits > 0; bits--, _position++)
        {
            var at = _position / 8;
            value = (value << 1) | (at < _bytes.Length ? (uint)(_bytes[at] >> (7 - (_position % 8))) & 1 : 0);
        }

        return value;
    }

    public void Skip(int bits) => _position += bits;

    /// <summary>Skips a number in the encoding "uvlc": leading zeros, a one, and as many bits as there are zeros.</summary>
    public void SkipVariable()
    {
        var zeros = 0;
        while (zeros < MaxZeros && !ReadFlag())
        {
            zeros++;
        }

        Skip(zeros < MaxZeros ? zeros : 0);
    }
}
