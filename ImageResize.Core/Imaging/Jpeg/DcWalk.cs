using System.Buffers;
using System.Runtime.CompilerServices;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>
/// Decodes a whole scan by two chains at once, so that the processor has one's next lookup to do while it waits for the other's. The
/// first begins where the scan does. The second begins in the middle and takes for granted that an MCU does: Huffman codes soon
/// fall into step with what was meant (Klein and Wiseman; Weissenberger and Schmidt). Once the first one comes to a bit at which the
/// second too began a block with the same tables after it, all that the second did from there is what the first would do: to the bit,
/// for nothing else decides. Should they never meet, the first decodes it all.
/// </summary>
internal unsafe ref struct DcWalk
{
    /// <summary>Steps that a chain takes at a time.</summary>
    public const int MaxSteps = 2 * Rounds;

    private const int Rounds = 128;

    /// <summary>In fewer blocks the chains would hardly meet.</summary>
    private const int LeastBlocks = 1_000;

    /// <summary>Each costs eight bytes.</summary>
    private const int MostBlocks = 1 << 20;

    /// <summary>Tables for one file alone take as long to make as they save in this many bytes.</summary>
    private const int LeastBytesForTables = 80 * 1024;

    /// <summary>Photos need a dozen. A file can be made so that no guess is right, and each of them stops the first chain.</summary>
    private const int MostGuesses = 100;

    private readonly BlockOrder _order;
    private readonly ReadOnlySpan<McuBlock> _blocks;
    private readonly int _total;
    private readonly CancellationToken _cancellationToken;
    private int _guesses;

    private DcWalk(BlockOrder order, ReadOnlySpan<McuBlock> blocks, int total, CancellationToken cancellationToken)
    {
        order.Take(blocks);
        _order = order;
        _blocks = blocks;
        _total = total;
        _cancellationToken = cancellationToken;
    }

    public static bool IsFor(BlockOrder order, ReadOnlySpan<McuBlock> blocks, long mcus, ReadOnlySpan<byte> padded)
    {
        foreach (ref readonly var block in blocks)
        {
            if (block.Component.Scale > 1)
            {
                return false;
            }
        }

        return mcus * blocks.Length is >= LeastBlocks and <= MostBlocks
            && padded.Length < int.MaxValue / 8
            && (padded.Length >= LeastBytesForTables || order.IsWorthTables(blocks));
    }

    /// <returns>False when the codes make no sense, or do not end where the data does.</returns>
    public static bool TryDecode(
        BlockOrder order,
        ReadOnlySpan<byte> padded,
        ReadOnlySpan<McuBlock> blocks,
        int across,
        int down,
        CancellationToken cancellationToken)
    {
        var total = across * down * blocks.Length;
        var starts = ArrayPool<int>.Shared.Rent(total + MaxSteps + 2);
        var guesses = ArrayPool<int>.Shared.Rent(total + MaxSteps + 2);
        try
        {
            fixed (byte* data = padded)
            fixed (int* first = starts)
            fixed (int* second = guesses)
            {
                var end = 8L * (padded.Length - BitReader.Padding);
                var chain = new DcChain(data, end, first, total);
                var guess = new DcChain(data, end, second, total);
                var walk = new DcWalk(order, blocks, total, cancellationToken);
                if (!walk.TryWalk(ref chain, ref guess, end / 16 * 8) || end - first[total] is < 0 or >= 8)
                {
                    return false;
                }

                DcSamples.Write(data, first, second, blocks, across, down);
                return true;
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(starts);
            ArrayPool<int>.Shared.Return(guesses);
        }
    }

    private bool TryWalk(ref DcChain chain, ref DcChain guess, long middle)
    {
        chain.GoTo(0, 0, _order);
        guess.GoTo(middle, 0, _order);
        var isGuessing = true;
        while (isGuessing && chain.Position < middle && chain.IsUnderWay && guess.IsUnderWay)
        {
            var stopped = Step(ref chain, ref guess);
            if (stopped == 1 && !TryStepAlone(ref chain))
            {
                return false;
            }

            isGuessing = stopped < 2 || TryGuess(ref guess);
        }

        while (isGuessing && guess.IsUnderWay)
        {
            isGuessing = TryStep(ref guess) || TryGuess(ref guess);
        }

        return TryMeet(ref chain, in guess);
    }

    /// <summary>Goes on until they meet, or alone to the last block.</summary>
    private readonly bool TryMeet(ref DcChain chain, in DcChain guess)
    {
        var (own, other) = ((nint)0, (nint)0);
        while (chain.Blocks < _total)
        {
            for (; own <= chain.Blocks && other < guess.Blocks; own += _order.Period)
            {
                while (other < guess.Blocks && guess.Starts[other] < chain.Starts[own])
                {
                    other += _order.Period;
                }

                if (other < guess.Blocks && guess.Starts[other] == chain.Starts[own])
                {
                    TakeOver(ref chain, in guess, own, other);
                    other = guess.Blocks;
                }
            }

            // Behind the last block the bits that fill up its byte need be no code.
            if (chain.Blocks < _total && !(chain.IsUnderWay && (TryStep(ref chain) || chain.Blocks >= _total || TryStepAlone(ref chain))))
            {
                return false;
            }
        }

        return true;
    }

    private readonly void TakeOver(ref DcChain chain, in DcChain guess, nint own, nint other)
    {
        var count = Math.Min(_total - own, guess.Blocks - other);
        new ReadOnlySpan<int>(guess.Starts + other, (int)count + 1).CopyTo(new Span<int>(chain.Starts + own, (int)count + 1));
        chain.GoTo(chain.Starts[own + count], own + count, _order);
    }

    /// <summary>A code that makes no sense shows that the guess was wrong: another one from the next byte on, unless little is left there.</summary>
    private bool TryGuess(ref DcChain guess)
    {
        if (TryStepAlone(ref guess))
        {
            return true;
        }

        if (guess.IsNearEnd || ++_guesses > MostGuesses)
        {
            return false;
        }

        guess.GoTo((guess.Position | 7) + 1, 0, _order);
        return true;
    }

    private readonly bool TryStepAlone(ref DcChain chain) => chain.TryStepAlone(_blocks[(int)(chain.Blocks % _blocks.Length)].Component);

    /// <summary>Both by turns. Tells which of them, 1 or 2, has to take a code alone; 0 for neither.</summary>
    private readonly int Step(ref DcChain first, ref DcChain second)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        first.Follow(_order);
        second.Follow(_order);
        return StepBoth(ref first, ref second);
    }

    private readonly bool TryStep(ref DcChain chain)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        chain.Follow(_order);
        return TryStepOne(ref chain);
    }

    /// <summary>
    /// Copies, for then all their numbers stay in registers. Every second step looks at the data while the one before is still bits that
    /// were there: of the 57 that a look brings, that step leaves 35, and the next 13, which is enough for one more lookup.
    /// </summary>
    private static int StepBoth(ref DcChain first, ref DcChain second)
    {
        var (a, b) = (first, second);
        var stopped = 0;
        var (bitsA, bitsB) = (a.Look(), b.Look());
        for (var round = 0; round < Rounds && stopped == 0; round++)
        {
            stopped = !a.TryStep(ref bitsA, bitsA) ? 1 : !b.TryStep(ref bitsB, bitsB) ? 2
                : !a.TryStep(ref bitsA, a.Look()) ? 1 : !b.TryStep(ref bitsB, b.Look()) ? 2 : 0;
        }

        (first, second) = (a, b);
        return stopped;
    }

    private static bool TryStepOne(ref DcChain chain)
    {
        var copy = chain;
        var isStepped = true;
        var bits = copy.Look();
        for (var round = 0; round < Rounds && isStepped; round++)
        {
            isStepped = copy.TryStep(ref bits, bits) && copy.TryStep(ref bits, copy.Look());
        }

        chain = copy;
        return isStepped;
    }
}
