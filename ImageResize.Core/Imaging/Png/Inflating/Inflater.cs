using System.Buffers.Binary;
using ImageResize.Core.Imaging.Png.Chunks;

namespace ImageResize.Core.Imaging.Png.Inflating;

/// <summary>
/// Decompresses a zlib stream (RFC 1950 and 1951) into a window that holds the bytes that matches refer to and those that have not been
/// taken yet. Every step returns false for data that is damaged.
/// </summary>
internal sealed class Inflater
{
    private const int History = 32_768;

    /// <summary>Room for a step's literals, its match with the vectors that copy it, and <see cref="Padding"/>.</summary>
    private const int Slack = 384;

    /// <summary>Bytes without meaning that follow those taken, so that they can be read as vectors.</summary>
    private const int Padding = 64;

    /// <summary>Bytes that a step of the decoder may read: two refills.</summary>
    private const int StepBytes = 32;

    /// <summary>
    /// A block takes about as long as 1,000 bytes. Encoders write some kilobytes in each; a stream of many more blocks than bytes could
    /// keep a core busy for long.
    /// </summary>
    private const int MinBlocks = 1_000;
    private const int MinBytesPerBlock = 64;

    private readonly CompressedData _data = new();
    private readonly BlockCodes _codes = new();
    private byte[] _window = [];
    private (ulong Bits, int Count, int At) _source;
    private int _start;
    private int _end;
    private long _room;
    private BlockKind _block;
    private bool _isLastBlock;
    private int _storedLeft;
    private long _blocksLeft;

    private enum BlockKind
    {
        None,
        Stored,
        Coded,
    }

    /// <param name="total">Bytes that the stream may have.</param>
    /// <param name="longest">Bytes that are taken at once.</param>
    public bool TryStart(ref PngChunks chunks, long total, int longest)
    {
        var size = History + Math.Max(2 * longest, 4 * History) + Slack;
        if (_window.Length < size || _window.Length > 16 * size)
        {
            _window = GC.AllocateUninitializedArray<byte>(size);
        }

        (_start, _end, _room, _source) = (0, 0, total, default);
        (_block, _isLastBlock, _storedLeft) = (BlockKind.None, false, 0);
        _blocksLeft = MinBlocks + (total / MinBytesPerBlock);
        _data.Start();
        if (!_data.TryFill(ref chunks, 0) || _data.Length < 2)
        {
            return false;
        }

        // libpng takes the size of its window from the header. Some encoders write a smaller one for images that are smaller themselves.
        var (method, flags) = (_data.Buffer[0], _data.Buffer[1]);
        _source.At = 2;
        return (method & 15) == 8 && method >> 4 <= 7 && ((method << 8) | flags) % 31 == 0 && (flags & 32) == 0
            && 1L << ((method >> 4) + 8) >= Math.Min(total, History);
    }

    /// <summary>Returns the next bytes and padding, which are valid until the next call.</summary>
    public bool TryTake(ref PngChunks chunks, int length, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        while (_end - _start < length)
        {
            if (!TryProduce(ref chunks))
            {
                return false;
            }
        }

        bytes = _window.AsSpan(_start, length + Padding);
        _start += length;
        return true;
    }

    /// <summary>Reads up to the end of the stream, where no bytes may be left.</summary>
    public bool TryFinish(ref PngChunks chunks, uint checksum)
    {
        while (_block != BlockKind.None || !_isLastBlock)
        {
            if (!TryProduce(ref chunks))
            {
                return false;
            }
        }

        var used = _source.At - (_source.Count >> 3);
        if (_start != _end || !_data.TryFill(ref chunks, used) || _data.Length != 4)
        {
            return false;
        }

        var stored = BinaryPrimitives.ReadUInt32BigEndian(_data.Buffer);
        return stored == checksum;
    }

    /// <summary>Decodes until the window is full, the data in the buffer is used up, or a block ends.</summary>
    private bool TryProduce(ref PngChunks chunks)
    {
        if (_end > _window.Length - Slack - StepBytes)
        {
            Compact();
        }

        var used = _source.At - (_source.Count >> 3);
        if (!_data.IsLast && _data.Length - used < CompressedData.Padding)
        {
            if (!_data.TryFill(ref chunks, used))
            {
                return false;
            }

            _source.At -= used;
        }

        var before = _end;
        var isSound = _block switch
        {
            BlockKind.Stored => TryCopyStored(),
            BlockKind.Coded => TryDecode(),
            _ => !_isLastBlock && _blocksLeft-- > 0 && TryStartBlock(),
        };
        _room -= _end - before;
        return isSound && _room >= 0 && _source.At - (_source.Count >> 3) <= _data.Length;
    }

    private void Compact()
    {
        var from = Math.Max(0, Math.Min(_start, _end - History));
        _window.AsSpan(from, _end - from).CopyTo(_window);
        (_start, _end) = (_start - from, _end - from);
    }

    private bool TryStartBlock()
    {
        var source = new BitSource(_data.Buffer, _source.Bits, _source.Count, _source.At);
        source.Refill();
        _isLastBlock = source.Take(1) == 1;
        var isSound = true;
        switch (source.Take(2))
        {
            case 0:
                _block = BlockKind.Stored;
                isSound = TryStartStored(ref source);
                break;
            case 1:
                _block = BlockKind.Coded;
                _codes.UseFixed();
                break;
            case 2:
                _block = BlockKind.Coded;
                isSound = _codes.TryRead(ref source);
                break;
            default:
                return false;
        }

        _source = (source.Bits, source.Count, source.At);
        return isSound;
    }

    private bool TryStartStored(ref BitSource source)
    {
        source.Take(source.Count & 7);
        source.Refill();
        _storedLeft = source.Take(16);
        var inverted = source.Take(16);
        (source.At, source.Bits, source.Count) = (source.Used, 0, 0);
        return inverted == (_storedLeft ^ 0xFFFF);
    }

    private bool TryCopyStored()
    {
        var room = (int)Math.Min(_window.Length - Slack - _end, _room + 1);
        var length = Math.Min(_storedLeft, Math.Min(room, _data.Length - _source.At));
        if (length < 0 || (length == 0 && _storedLeft > 0))
        {
            return false;
        }

        _data.Buffer.Slice(_source.At, length).CopyTo(_window.AsSpan(_end));
        (_source.At, _end, _storedLeft) = (_source.At + length, _end + length, _storedLeft - length);
        if (_storedLeft == 0)
        {
            _block = BlockKind.None;
        }

        return true;
    }

    private bool TryDecode()
    {
        var source = new BitSource(_data.Buffer, _source.Bits, _source.Count, _source.At);
        var limit = (int)Math.Min(_window.Length - Slack, _end + _room + 1);

        // At the end, zeros are decoded until at least a byte of them is used, which shows that the data is too short.
        var lastStep = _data.IsLast ? _data.Length + sizeof(ulong) : _data.Length - StepBytes;
        var state = BlockDecoder.Decode(ref source, _codes, _window, ref _end, limit, lastStep);
        _source = (source.Bits, source.Count, source.At);
        if (state == BlockState.Ended)
        {
            _block = BlockKind.None;
        }

        return state != BlockState.Damaged;
    }
}
