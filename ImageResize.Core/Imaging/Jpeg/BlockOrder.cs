using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>
/// The <see cref="StepTables"/> in the order in which the blocks of MCUs need them: for each block the table for where it goes on,
/// and <see cref="Back"/> places further how many bytes lie between that and the one for where the block after it begins.
/// </summary>
internal sealed unsafe class BlockOrder
{
    /// <summary>More than the steps that are taken at a time and the blocks of an MCU together, for each step may end a block.</summary>
    public const int Back = 272;

    private readonly StepTables _tables = new();
    private readonly nint[] _order = GC.AllocateArray<nint>(2 * Back, pinned: true);

    /// <summary>Pinned: it stays where it is.</summary>
    public nint* Pointer => (nint*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_order));

    public int BlocksPerMcu { get; private set; }

    /// <summary>Blocks after which the tables come again: one where all have the same.</summary>
    public int Period { get; private set; }

    /// <summary>The tables of these blocks are made already, or would have been of use to a file before.</summary>
    public bool IsWorthTables(ReadOnlySpan<McuBlock> blocks)
    {
        var isWorth = true;
        foreach (ref readonly var block in blocks)
        {
            isWorth &= _tables.IsKnown(block.Component.DcTable!, block.Component.AcTable!);
        }

        return isWorth;
    }

    public void Take(ReadOnlySpan<McuBlock> blocks)
    {
        _tables.Clear();
        var begins = stackalloc nint[blocks.Length];
        Period = 1;
        for (var index = 0; index < blocks.Length; index++)
        {
            begins[index] = (nint)_tables.Find(blocks[index].Component.DcTable!, blocks[index].Component.AcTable!);
            Period = begins[index] == begins[0] ? Period : blocks.Length;
        }

        BlocksPerMcu = blocks.Length;
        for (var index = 0; index < Back; index++)
        {
            _order[index] = begins[index % blocks.Length] + (StepTables.Size * sizeof(StepEntry));
            _order[index + Back] = begins[(index + 1) % blocks.Length] - _order[index];
        }
    }

    /// <summary>The table for where this block begins.</summary>
    public StepEntry* Begin(nint block)
    {
        var before = (int)((block + BlocksPerMcu - 1) % BlocksPerMcu);
        return (StepEntry*)(_order[before] + _order[before + Back]);
    }
}
