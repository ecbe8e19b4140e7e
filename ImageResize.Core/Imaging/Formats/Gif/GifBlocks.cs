namespace ImageResize.Core.Imaging.Formats.Gif;

/// <summary>Reads the bits of a chain of GIF sub-blocks: each begins with its length, and an empty one ends the chain.</summary>
internal ref struct GifBlocks(ReadOnlySpan<byte> file, int at)
{
    private readonly ReadOnlySpan<byte> _file = file;
    private int _at = at;
    private int _left;
    private uint _bits;
    private int _ready;

    /// <returns>False when the chain, or the file, ends earlier.</returns>
    public bool TryRead(int bits, out int value)
    {
        value = 0;
        while (_ready < bits)
        {
            if (_left == 0)
            {
                _left = _at < _file.Length ? _file[_at++] : 0;
            }

            if (_left == 0 || _at >= _file.Length)
            {
                return false;
            }

            _bits |= (uint)_file[_at++] << _ready;
            _ready += 8;
            _left--;
        }

        value = (int)(_bits & ((1u << bits) - 1));
        _bits >>= bits;
        _ready -= bits;
        return true;
    }

    /// <returns>The position after the chain that begins at <paramref name="at"/>; after the file if that ends earlier.</returns>
    public static int Skip(ReadOnlySpan<byte> file, int at)
    {
        while (at < file.Length && file[at] != 0)
        {
            at += 1 + file[at];
        }

        return at + 1;
    }
}
