using System.Buffers.Binary;
using System.IO.Hashing;

namespace ImageResize.Core.Imaging.Png.Chunks;

/// <summary>Reads the chunks of a PNG one after the other, and checks their CRCs.</summary>
internal ref struct PngChunks(ReadOnlySpan<byte> png)
{
    private const int HeaderLength = 8;
    private const int ChecksumLength = 4;

    private readonly ReadOnlySpan<byte> _png = png;
    private readonly Crc32 _checksum = OfThread;
    private int _at = 8;

    /// <summary>Of the data chunk that is read in parts.</summary>
    private int _left;

    [ThreadStatic]
    private static Crc32? t_checksum;

    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Empty if it is data.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>Whether nothing follows the chunk.</summary>
    public readonly bool IsAtEnd => _at == _png.Length;

    private static Crc32 OfThread => t_checksum ??= new Crc32();

    /// <summary>Reads a chunk whole, or the start of one with data.</summary>
    public bool TryRead()
    {
        if (!TryReadHeader(out var length))
        {
            return false;
        }

        if (Name.SequenceEqual("IDAT"u8))
        {
            _left = length;
            return true;
        }

        Content = _png.Slice(_at, length);
        _checksum.Append(Content);
        _at += length;
        return TryReadChecksum();
    }

    /// <summary>Reads data up to the last of the chunks with it.</summary>
    /// <param name="read">0 after the last one, whose successor is <see cref="Name"/> then.</param>
    public bool TryReadData(Span<byte> buffer, out int read)
    {
        read = 0;
        while (_left == 0)
        {
            if (!Name.SequenceEqual("IDAT"u8))
            {
                return true;
            }

            if (!TryReadChecksum() || !TryRead())
            {
                return false;
            }
        }

        read = Math.Min(_left, buffer.Length);
        var part = _png.Slice(_at, read);
        part.CopyTo(buffer);
        _checksum.Append(part);
        (_at, _left) = (_at + read, _left - read);
        return true;
    }

    private bool TryReadHeader(out int length)
    {
        Content = default;
        length = 0;
        if (_png.Length - _at < HeaderLength + ChecksumLength)
        {
            return false;
        }

        length = BinaryPrimitives.ReadInt32BigEndian(_png[_at..]);
        if (length < 0 || length > _png.Length - _at - HeaderLength - ChecksumLength)
        {
            return false;
        }

        Name = _png.Slice(_at + 4, 4);
        _checksum.Reset();
        _checksum.Append(Name);
        _at += HeaderLength;
        return true;
    }

    private bool TryReadChecksum()
    {
        var expected = BinaryPrimitives.ReadUInt32BigEndian(_png[_at..]);
        _at += ChecksumLength;
        return _checksum.GetCurrentHashAsUInt32() == expected;
    }
}
