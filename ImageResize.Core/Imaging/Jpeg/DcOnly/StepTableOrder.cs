using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ImageResize.Core.Imaging.Jpeg.Frames;

namespace ImageResize.Core.Imaging.Jpeg.DcOnly;

/// <summary>
/// The <see cref="StepTables"/> in the order in which the blocks of MCUs use them: for each block the table for its AC codes, and
/// <see cref="Back"/> entries later the distance in bytes from there to the table for the start of the next block.
/// </summary>
internal sealed unsafe class StepTableOrder
{
    /// <summary>More than the steps taken at a time plus the blocks of an MCU, because each step may end a block.</summary>
    public const int Back = 272;

    private readonly StepTables _tables = new();
    private readonly nint[] _order = GC.AllocateArray<nint>(2 * Back, pinned: true);

    /// <summary>The array is pinned.</summary>
    public nint* Pointer => (nint*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_order));

    public int BlocksPerMcu { get; private set; }

    /// <summary>Blocks after which the tables repeat: one if all blocks use the same.</summary>
    public int Period { get; private set; }

    /// <summary>Whether the tables of these blocks exist, or an earlier file would have used them.</summary>
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

    /// <summary>The table for the start of this block.</summary>
    public StepEntry* Begin(nint block)
    {
        var before = (int)((block + BlocksPerMcu - 1) % BlocksPerMcu);
        return (StepEntry*)(_order[before] + _order[before + Back]);
    }
}
