using System.Numerics;
using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace ImageResize.Fuzzing.Engine;

/// <summary>
/// Counts how often each branch of the instrumented assemblies is taken. As in AFL, counts are compared by their magnitude: once, twice,
/// 4, 8 times and so on. An input that reaches a new magnitude anywhere is worth keeping.
/// </summary>
internal sealed unsafe class CoverageMap
{
    /// <summary>The size that the instrumentation expects.</summary>
    private const int Size = 1 << 16;

    /// <summary>For the life of the process, because threads of the product may still count.</summary>
    private readonly byte* _counts = (byte*)NativeMemory.AllocZeroed(Size);
    private readonly byte[] _seen = new byte[Size];

    /// <summary>The branches that were taken by any input.</summary>
    public int Branches => _seen.Count(magnitudes => magnitudes != 0);

    /// <summary>Makes the instrumented assemblies count here. They fail before.</summary>
    public void Attach() => Trace.SharedMem = _counts;

    /// <summary>Forgets what was reached.</summary>
    public void Reset() => Array.Clear(_seen);

    public void Clear()
    {
        new Span<byte>(_counts, Size).Clear();
        Trace.PrevLocation = 0;
    }

    /// <returns>Whether something was reached since <see cref="Clear"/> that was not reached before.</returns>
    public bool AddNew()
    {
        var isNew = false;
        var words = new ReadOnlySpan<ulong>(_counts, Size / sizeof(ulong));
        for (var word = 0; word < words.Length; word++)
        {
            for (var at = word * sizeof(ulong); words[word] != 0 && at < (word + 1) * sizeof(ulong); at++)
            {
                var magnitude = MagnitudeOf(_counts[at]);
                isNew |= (_seen[at] | magnitude) != _seen[at];
                _seen[at] |= magnitude;
            }
        }

        return isNew;
    }

    private static byte MagnitudeOf(byte count) => count == 0 ? (byte)0 : (byte)(1 << BitOperations.Log2(count));
}
