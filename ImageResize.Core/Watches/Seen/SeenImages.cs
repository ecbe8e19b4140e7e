using System.Buffers.Binary;

namespace ImageResize.Core.Watches.Seen;

/// <summary>
/// The images of a watch that were claimed for processing: the hashes of their sources and versions, in shards that are stored as rows.
/// </summary>
internal sealed class SeenImages
{
    /// <summary>One transaction can write all of them. A row holds 64,000 hashes, which limits a watch to 4 million images.</summary>
    public const int Shards = 64;

    private const int HashBytes = 16;

    private readonly HashSet<UInt128>[] _shards = [.. Enumerable.Range(0, Shards).Select(_ => new HashSet<UInt128>())];

    public int Count => _shards.Sum(shard => shard.Count);

    /// <summary>The first 6 bits.</summary>
    public static int ShardOf(UInt128 hash) => (int)(hash >> 122);

    public bool Contains(UInt128 hash) => _shards[ShardOf(hash)].Contains(hash);

    /// <summary>The size of a shard with further images.</summary>
    public int SizeOf(int shard, int added) => (_shards[shard].Count + added) * HashBytes;

    /// <summary>Writes a shard with further images, in the order in which they were seen.</summary>
    /// <param name="max">Of more images, the half that was seen last is kept.</param>
    public byte[] Write(int shard, IEnumerable<UInt128> added, int max)
    {
        List<UInt128> all = [.. _shards[shard], .. added];

        return Write(all.Count > max ? all[^(max / 2)..] : all);
    }

    /// <summary>Writes those images of a shard that are listed.</summary>
    public byte[] Write(int shard, HashSet<UInt128> listed) => Write([.. _shards[shard].Where(listed.Contains)]);

    public void Read(int shard, ReadOnlySpan<byte> bytes)
    {
        var hashes = new HashSet<UInt128>(bytes.Length / HashBytes);
        for (; bytes.Length >= HashBytes; bytes = bytes[HashBytes..])
        {
            hashes.Add(BinaryPrimitives.ReadUInt128BigEndian(bytes));
        }

        // At the end, because a listing can read it meanwhile.
        _shards[shard] = hashes;
    }

    private static byte[] Write(List<UInt128> hashes)
    {
        var bytes = new byte[hashes.Count * HashBytes];
        foreach (var (i, hash) in hashes.Index())
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(i * HashBytes), hash);
        }

        return bytes;
    }
}
