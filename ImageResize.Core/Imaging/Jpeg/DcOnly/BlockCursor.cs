using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using ImageResize.Core.Imaging.Jpeg.Entropy;
using ImageResize.Core.Imaging.Jpeg.Frames;

namespace ImageResize.Core.Imaging.Jpeg.DcOnly;

/// <summary>
/// Advances from block to block and records the bit at which each starts; their DC codes are read afterwards. A step has no branch that can
/// be mispredicted: whether a block ended selects the next table by a mask.
/// </summary>
internal unsafe struct BlockCursor(byte* data, long end, int* starts, int total)
{
    /// <summary>Of the next code, in bits.</summary>
    public long Position;

    /// <summary>Blocks passed. The start of the next block is recorded after theirs.</summary>
    public nint Blocks;

    /// <summary>Position in the block, as <see cref="StepTables"/> counts it; 0 at its start.</summary>
    private nint _position;

    private StepEntry* _table;
    private nint* _order;

    public readonly int* Starts => starts;

    /// <summary>There may be more blocks.</summary>
    public readonly bool IsUnderWay => Position < end && Blocks < total;

    /// <summary>Little data is left, which may be no code: bits fill up the last byte.</summary>
    public readonly bool IsNearEnd => Position > end - 64;

    public void GoTo(long position, nint block, StepTableOrder order)
    {
        Position = position;
        Blocks = block;
        _position = 0;
        _table = order.Begin(block);
        starts[block] = (int)position;
    }

    /// <summary>Rebases the table order on the current block, so that it lasts for the next steps.</summary>
    public void Rebase(StepTableOrder order) => _order = order.Pointer - Blocks + (Blocks % order.BlocksPerMcu);

    /// <summary>At least 57 bits from the position on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ulong Peek()
    {
        // Steps start no later than at the end, and MaxSteps of them advance by 704 bytes at most.
        Debug.Assert(Position >= 0 && (Position >> 3) + sizeof(ulong) <= (end >> 3) + BitReader.Padding, "Eight bytes are there.");
        var bytes = *(ulong*)(data + (Position >> 3));
        return (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(bytes) : bytes) << (int)(Position & 7);
    }

    /// <summary>
    /// Advances by as many codes as fit in a lookup of <paramref name="bits"/>, which becomes the rest of <paramref name="next"/>. Does
    /// nothing and returns false if a single code has to be taken.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryStep(ref ulong bits, ulong next)
    {
        var entry = _table + (bits >> (64 - HuffmanTable.LookupBits));
        nint length = entry->Length;
        nint step = entry->Step;
        bits = next << (int)length;
        Position += length;
        _position += step;
        if ((_position & StepTables.IsUnsound) != 0)
        {
            // The previous position is on record, so the length need not be kept in a register.
            _position -= step;
            Position = starts[_position == 0 ? Blocks : Blocks + 1];
            return false;
        }

        Complete(step);
        return true;
    }

    /// <summary>Takes one code of any length. False if it is not valid.</summary>
    public bool TryStepAlone(JpegComponent component)
    {
        var isDc = _position == 0;
        var code = (isDc ? component.DcTable : component.AcTable)!.DecodeLong(Peek());
        Position += code & 63;
        _position += isDc ? StepTables.FirstPlace : StepTables.StepOf((byte)(code >> 8));
        var isFull = _position == StepTables.Full;
        if (code == 0 || (!isFull && (_position & StepTables.IsUnsound) != 0))
        {
            return false;
        }

        Complete(isFull ? -1 : _position);
        return true;
    }

    /// <param name="step">Negative if the block ended.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Complete(nint step)
    {
        // A step ends at most one block, and there is room after the total for all steps that are taken at a time.
        Debug.Assert(Blocks <= total + DcScanDecoder.MaxSteps, "There is room for another start.");
        starts[Blocks + 1] = (int)Position;

        // From its eighth bit on a step consists of sign bits, and the distance between two tables has no lower bits.
        _table = (StepEntry*)((step & _order[Blocks + StepTableOrder.Back]) + _order[Blocks]);
        var ended = step >> 63;
        Blocks -= ended;
        _position &= ~ended;
    }
}
