namespace ImageResize.Core.Imaging.Formats.Pnm;

/// <summary>Reads numbers that are separated by white space and comments (from # to the end of the line).</summary>
internal ref struct PnmText(ReadOnlySpan<byte> bytes)
{
    private const byte NewLine = (byte)'\n';

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; set; }

    /// <summary>Whether white space follows, and a digit after it.</summary>
    public bool IsAtNumber()
    {
        var start = Position;
        SkipSpace();
        return Position > start && IsAtDigit();
    }

    /// <summary>Reads the next number. Numbers that are too large for an int become the largest one.</summary>
    /// <returns>False if there is none.</returns>
    public bool TryReadNumber(out int number)
    {
        SkipSpace();
        var start = Position;
        var value = 0L;
        for (; IsAtDigit(); Position++)
        {
            value = Math.Min((value * 10) + (_bytes[Position] - '0'), int.MaxValue);
        }

        number = (int)value;
        return Position > start;
    }

    /// <summary>Reads the next digit 0 or 1. There need not be white space between them.</summary>
    /// <returns>False if another character follows, or none.</returns>
    public bool TryReadBit(out int bit)
    {
        SkipSpace();
        bit = Position < _bytes.Length ? _bytes[Position++] - '0' : -1;
        return bit is 0 or 1;
    }

    /// <summary>Skips the one character between header and pixels. A comment counts as the end of its line.</summary>
    /// <returns>False if something else follows, or nothing.</returns>
    public bool TrySkipOneSpace()
    {
        if (Position < _bytes.Length && _bytes[Position] == '#')
        {
            SkipComment();
            return true;
        }

        return Position < _bytes.Length && IsSpace(_bytes[Position++]);
    }

    private readonly bool IsAtDigit() => Position < _bytes.Length && _bytes[Position] is >= (byte)'0' and <= (byte)'9';

    private void SkipSpace()
    {
        while (Position < _bytes.Length)
        {
            if (_bytes[Position] == '#')
            {
                SkipComment();
            }
            else if (IsSpace(_bytes[Position]))
            {
                Position++;
            }
            else
            {
                return;
            }
        }
    }

    private void SkipComment()
    {
        var length = _bytes[Position..].IndexOf(NewLine);
        Position = length < 0 ? _bytes.Length : Position + length + 1;
    }

    private static bool IsSpace(byte character) => character is (byte)' ' or (>= (byte)'\t' and <= (byte)'\r');
}
