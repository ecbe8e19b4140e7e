using System.Buffers.Binary;

namespace ImageResize.Fuzzing.Engine;

/// <summary>Changes inputs at random, as AFL's havoc stage does. The same seed gives the same mutations.</summary>
internal sealed class Mutator(Random random, FuzzTarget target)
{
    private const int MaxChanges = 8;
    private const int MaxBlock = 64;

    /// <summary>Numbers at the edges of types and of limits.</summary>
    private static readonly long[] Edges =
        [0, 1, -1, 7, 8, 16, 32, 64, 100, 127, 128, 255, 256, 1_000, 4_096, 32_767, 32_768, 65_535, 65_536, int.MaxValue, int.MinValue];

    /// <param name="others">Inputs from which parts are taken.</param>
    public byte[] Mutate(byte[] input, IReadOnlyList<byte[]> others)
    {
        var changed = input;
        for (var changes = random.Next(1, MaxChanges + 1); changes > 0; changes--)
        {
            changed = Change(changed, others);
        }

        return changed.Length <= target.MaxLength ? changed : changed[..target.MaxLength];
    }

    private byte[] Change(byte[] input, IReadOnlyList<byte[]> others)
    {
        // Most decisions are made in headers, so half of the changes are there.
        var end = random.Next(2) == 0 ? Math.Min(input.Length, 128) : input.Length;
        var at = random.Next(end + 1);
        var block = Math.Min(random.Next(1, MaxBlock + 1), input.Length - at);

        return random.Next(12) switch
        {
            0 or 1 => Overwrite(input, at, [(byte)(ByteAt(input, at) ^ (1 << random.Next(8)))]),
            2 => Overwrite(input, at, [(byte)random.Next(256)]),
            3 => Overwrite(input, at, [(byte)(ByteAt(input, at) + random.Next(-16, 17))]),
            4 or 5 => Overwrite(input, at, Number()),
            6 => [.. input[..at], .. input[(at + block)..]],
            7 => [.. input[..at], .. input[at..(at + block)], .. input[at..]],
            8 => [.. input[..at], .. Enumerable.Repeat((byte)random.Next(256), random.Next(1, MaxBlock)), .. input[at..]],
            9 when target.Words.Count > 0 => [.. input[..at], .. Word(), .. input[at..]],
            10 when target.Words.Count > 0 => Overwrite(input, at, Word()),
            _ => Splice(input, at, others),
        };
    }

    private byte[] Word() => target.Words[random.Next(target.Words.Count)];

    private byte[] Number()
    {
        var number = Edges[random.Next(Edges.Length)];
        var bytes = new byte[8];
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);

            return bytes[..(1 << random.Next(4))];
        }

        BinaryPrimitives.WriteInt64BigEndian(bytes, number);

        return bytes[^(1 << random.Next(4))..];
    }

    /// <summary>Continues with a part of another input.</summary>
    private byte[] Splice(byte[] input, int at, IReadOnlyList<byte[]> others)
    {
        var other = others[random.Next(others.Count)];
        var from = random.Next(other.Length + 1);
        var to = random.Next(from, other.Length + 1);

        return random.Next(2) == 0 ? [.. input[..at], .. other[from..]] : Overwrite(input, at, other.AsSpan(from..to));
    }

    private static byte ByteAt(byte[] input, int at) => at < input.Length ? input[at] : (byte)0;

    private static byte[] Overwrite(byte[] input, int at, ReadOnlySpan<byte> bytes)
    {
        var changed = input.ToArray();
        bytes[..Math.Min(bytes.Length, input.Length - at)].CopyTo(changed.AsSpan(at));

        return changed;
    }
}
