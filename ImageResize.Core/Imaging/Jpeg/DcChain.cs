using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>
/// Goes from block to block and notes at which bit each begins; what their DC codes say is read afterwards. A step has no branch that
/// can be foretold wrongly: whether a block ended decides by a mask which table is next.
/// </summary>
internal unsafe struct DcChain(byte* data, long end, int* starts, int total)
{
    /// <summary>In bits, of the next code.</summary>
    public long Position;

    /// <summary>Blocks passed over. Behind their starts is noted where the next one begins.</summary>
    public nint Blocks;

    /// <summary>In the block, as <see cref="StepTables"/> counts; 0 where it begins.</summary>
    private nint _place;

    private StepEntry* _table;
    private nint* _order;

    public readonly int* Starts => starts;

    /// <summary>There may be more to pass over.</summary>
    public readonly bool IsUnderWay => Position < end && Blocks < total;

    /// <summary>What is left would hardly be a code: the bits that fill up the last byte are none.</summary>
    public readonly bool IsNearEnd => Position > end - 64;

    public void GoTo(long position, nint block, BlockOrder order)
    {
        Position = position;
        Blocks = block;
        _place = 0;
        _table = order.Begin(block);
        starts[block] = (int)position;
    }

    /// <summary>Counts the order from the block it is at, so that it lasts for some steps more.</summary>
    public void Follow(BlockOrder order) => _order = order.Pointer - Blocks + (Blocks % order.BlocksPerMcu);

    /// <summary>At least 57 bits from here.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ulong Look()
    {
        // Steps are taken from no further than the end, and MaxSteps of them go over 704 bytes at most.
        Debug.Assert(Position >= 0 && (Position >> 3) + sizeof(ulong) <= (end >> 3) + BitReader.Padding, "Eight bytes are there.");
        var bytes = *(ulong*)(data + (Position >> 3));
        return (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(bytes) : bytes) << (int)(Position & 7);
    }

    /// <summary>
    /// Goes on by as many codes as fit in a lookup of these bits, which are then those of <paramref name="next"/> behind them. False, and
    /// nothing done, where codes have to be taken alone.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryStep(ref ulong bits, ulong next)
    {
        var entry = _table + (bits >> (64 - HuffmanTable.LookupBits));
        nint length = entry->Length;
        nint step = entry->Step;
        bits = next << (int)length;
        Position += length;
        _place += step;
        if ((_place & StepTables.IsUnsound) != 0)
        {
            // Where the step before came to was noted. So its length need not be kept, for which there is no register.
            _place -= step;
            Position = starts[_place == 0 ? Blocks : Blocks + 1];
            return false;
        }

        Arrive(step);
        return true;
    }

    /// <summary>One code, however long it is. False when it makes no sense.</summary>
    public bool TryStepAlone(JpegComponent component)
    {
        var isDc = _place == 0;
        var code = (isDc ? component.DcTable : component.AcTable)!.DecodeLong(Look());
        Position += code & 63;
        _place += isDc ? StepTables.FirstPlace : StepTables.StepOf((byte)(code >> 8));
        var isFull = _place == StepTables.Full;
        if (code == 0 || (!isFull && (_place & StepTables.IsUnsound) != 0))
        {
            return false;
        }

        Arrive(isFull ? -1 : _place);
        return true;
    }

    /// <param name="step">Negative where the block ended.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Arrive(nint step)
    {
        // A step ends one block at most, and there is room behind the total for all that are taken at a time.
        Debug.Assert(Blocks <= total + DcWalk.MaxSteps, "There is room for another start.");
        starts[Blocks + 1] = (int)Position;

        // From its eighth bit on, a step is nothing but sign, and what lies between two tables has no lower ones.
        _table = (StepEntry*)((step & _order[Blocks + BlockOrder.Back]) + _order[Blocks]);
        var ended = step >> 63;
        Blocks -= ended;
        _place &= ~ended;
    }
}
