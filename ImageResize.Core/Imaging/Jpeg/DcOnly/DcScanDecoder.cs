using System.Buffers;
using System.Runtime.CompilerServices;
using ImageResize.Core.Imaging.Jpeg.Entropy;
using ImageResize.Core.Imaging.Jpeg.Frames;

namespace ImageResize.Core.Imaging.Jpeg.DcOnly;

/// <summary>
/// Decodes the DC coefficients of a whole scan with two cursors whose steps are interleaved, so that the processor can look up one
/// cursor's next code while it waits for the other's. The first cursor starts at the scan's first block. The second starts in the middle
/// of the data and guesses that an MCU starts there: Huffman codes synchronize themselves after a few codes (Klein and Wiseman, "Parallel
/// Huffman decoding", 2003; Weissenberger and Schmidt, "Accelerating JPEG decompression on GPUs", 2021). When the first cursor reaches a
/// bit at which the second one also started a block, with the same tables to follow, everything that the second found from there on is
/// what the first would find, because nothing else influences decoding. If that never happens, the first cursor decodes the whole scan.
/// </summary>
internal unsafe ref struct DcScanDecoder
{
    /// <summary>Steps that a cursor takes at a time.</summary>
    public const int MaxSteps = 2 * Rounds;

    private const int Rounds = 128;

    /// <summary>With fewer blocks the cursors rarely synchronize.</summary>
    private const int MinBlocks = 1_000;

    /// <summary>Each block takes eight bytes.</summary>
    private const int MaxBlocks = 1 << 20;

    /// <summary>Making step tables for one file takes as long as they save in this many bytes.</summary>
    private const int MinBytesForTables = 80 * 1024;

    /// <summary>
    /// Photos need about twelve. A hostile file can make every guess wrong, and each wrong guess interrupts the first cursor.
    /// </summary>
    private const int MaxGuesses = 100;

    private readonly StepTableOrder _order;
    private readonly ReadOnlySpan<McuBlock> _blocks;
    private readonly int _total;
    private readonly CancellationToken _cancellationToken;
    private int _guesses;

    private DcScanDecoder(StepTableOrder order, ReadOnlySpan<McuBlock> blocks, int total, CancellationToken cancellationToken)
    {
        order.Take(blocks);
        _order = order;
        _blocks = blocks;
        _total = total;
        _cancellationToken = cancellationToken;
    }

    public static bool CanDecode(StepTableOrder order, ReadOnlySpan<McuBlock> blocks, long mcus, ReadOnlySpan<byte> padded)
    {
        foreach (ref readonly var block in blocks)
        {
            if (block.Component.Scale > 1)
            {
                return false;
            }
        }

        return mcus * blocks.Length is >= MinBlocks and <= MaxBlocks
            && padded.Length < int.MaxValue / 8
            && (padded.Length >= MinBytesForTables || order.IsWorthTables(blocks));
    }

    /// <returns>False if the codes are not valid or do not end where the data ends.</returns>
    public static bool TryDecode(
        StepTableOrder order,
        ReadOnlySpan<byte> padded,
        ReadOnlySpan<McuBlock> blocks,
        int across,
        int down,
        CancellationToken cancellationToken)
    {
        var total = across * down * blocks.Length;
        var rentedStarts = ArrayPool<int>.Shared.Rent(total + MaxSteps + 2);
        var rentedGuesses = ArrayPool<int>.Shared.Rent(total + MaxSteps + 2);
        try
        {
            fixed (byte* data = padded)
            fixed (int* starts = rentedStarts)
            fixed (int* guesses = rentedGuesses)
            {
                var end = 8L * (padded.Length - BitReader.Padding);
                var first = new BlockCursor(data, end, starts, total);
                var second = new BlockCursor(data, end, guesses, total);
                var decoder = new DcScanDecoder(order, blocks, total, cancellationToken);
                if (!decoder.TryDecodeStarts(ref first, ref second, end / 16 * 8) || end - starts[total] is < 0 or >= 8)
                {
                    return false;
                }

                DcSamples.Write(data, starts, guesses, blocks, across, down);
                return true;
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(rentedStarts);
            ArrayPool<int>.Shared.Return(rentedGuesses);
        }
    }

    private bool TryDecodeStarts(ref BlockCursor first, ref BlockCursor second, long middle)
    {
        first.GoTo(0, 0, _order);
        second.GoTo(middle, 0, _order);
        var isGuessing = true;
        while (isGuessing && first.Position < middle && first.IsUnderWay && second.IsUnderWay)
        {
            var stopped = Step(ref first, ref second);
            if (stopped == 1 && !TryStepAlone(ref first))
            {
                return false;
            }

            isGuessing = stopped < 2 || TryGuess(ref second);
        }

        while (isGuessing && second.IsUnderWay)
        {
            isGuessing = TryStep(ref second) || TryGuess(ref second);
        }

        return TrySynchronize(ref first, in second);
    }

    /// <summary>Advances the first cursor until it reaches a block of the second, or alone to the last block.</summary>
    private readonly bool TrySynchronize(ref BlockCursor first, in BlockCursor second)
    {
        var (own, other) = ((nint)0, (nint)0);
        while (first.Blocks < _total)
        {
            for (; own <= first.Blocks && other < second.Blocks; own += _order.Period)
            {
                while (other < second.Blocks && second.Starts[other] < first.Starts[own])
                {
                    other += _order.Period;
                }

                if (other < second.Blocks && second.Starts[other] == first.Starts[own])
                {
                    CopyStarts(ref first, in second, own, other);
                    other = second.Blocks;
                }
            }

            // After the last block, the bits that fill up its byte may be no code.
            if (first.Blocks < _total && !(first.IsUnderWay && (TryStep(ref first) || first.Blocks >= _total || TryStepAlone(ref first))))
            {
                return false;
            }
        }

        return true;
    }

    private readonly void CopyStarts(ref BlockCursor first, in BlockCursor second, nint own, nint other)
    {
        var count = Math.Min(_total - own, second.Blocks - other);
        new ReadOnlySpan<int>(second.Starts + other, (int)count + 1).CopyTo(new Span<int>(first.Starts + own, (int)count + 1));
        first.GoTo(first.Starts[own + count], own + count, _order);
    }

    /// <summary>An invalid code shows that the guess was wrong. Guesses again from the next byte on, unless little data is left.</summary>
    private bool TryGuess(ref BlockCursor cursor)
    {
        if (TryStepAlone(ref cursor))
        {
            return true;
        }

        if (cursor.IsNearEnd || ++_guesses > MaxGuesses)
        {
            return false;
        }

        cursor.GoTo((cursor.Position | 7) + 1, 0, _order);
        return true;
    }

    private readonly bool TryStepAlone(ref BlockCursor cursor) =>
        cursor.TryStepAlone(_blocks[(int)(cursor.Blocks % _blocks.Length)].Component);

    /// <summary>Advances both cursors alternately. Returns which of them, 1 or 2, has to take a single code; 0 for neither.</summary>
    private readonly int Step(ref BlockCursor first, ref BlockCursor second)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        first.Rebase(_order);
        second.Rebase(_order);
        return StepBoth(ref first, ref second);
    }

    private readonly bool TryStep(ref BlockCursor cursor)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        cursor.Rebase(_order);
        return TryStepOne(ref cursor);
    }

    /// <summary>
    /// Works on copies, so that all fields stay in registers. Every second step loads data while the step before still uses bits that were
    /// loaded earlier: of 57 loaded bits the first step leaves at least 35 and the second 13, enough for one more lookup.
    /// </summary>
    private static int StepBoth(ref BlockCursor first, ref BlockCursor second)
    {
        var (a, b) = (first, second);
        var stopped = 0;
        var (bitsA, bitsB) = (a.Peek(), b.Peek());
        for (var round = 0; round < Rounds && stopped == 0; round++)
        {
            stopped = !a.TryStep(ref bitsA, bitsA) ? 1 : !b.TryStep(ref bitsB, bitsB) ? 2
                : !a.TryStep(ref bitsA, a.Peek()) ? 1 : !b.TryStep(ref bitsB, b.Peek()) ? 2 : 0;
        }

        (first, second) = (a, b);
        return stopped;
    }

    private static bool TryStepOne(ref BlockCursor cursor)
    {
        var copy = cursor;
        var isStepped = true;
        var bits = copy.Peek();
        for (var round = 0; round < Rounds && isStepped; round++)
        {
            isStepped = copy.TryStep(ref bits, bits) && copy.TryStep(ref bits, copy.Peek());
        }

        cursor = copy;
        return isStepped;
    }
}
