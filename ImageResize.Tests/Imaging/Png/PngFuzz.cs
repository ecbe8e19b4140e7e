using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using ImageResize.Core.Imaging.Png.Chunks;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Imaging.Png;

/// <summary>
/// Decodes damaged files that end at an unreadable page: a read past the end crashes the process. Most have correct checksums, because
/// nothing else of the others is read.
/// </summary>
internal sealed unsafe partial class PngFuzz : IDisposable
{
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private const int PageSize = 4_096;
    private const int Capacity = 64 * PageSize;

    private readonly Random _random;
    private readonly byte* _memory;

    public PngFuzz(int seed)
    {
        _random = new Random(seed);
        _memory = Map(0, Capacity + PageSize, ReadWrite, PrivateAnonymous, -1, 0);
        if ((nint)_memory == -1 || Protect(_memory + Capacity, PageSize, 0) != 0)
        {
            throw new InvalidOperationException("Could not map memory with a guard page.");
        }
    }

    /// <summary>Returns the number of inputs that were decoded, each to the pixels of libvips. Others must not give an exception.</summary>
    public int Run(int inputs, CancellationToken cancellationToken)
    {
        var sound = 0;
        for (var input = 0; input < inputs; input++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var file = Make();
            var guarded = new Span<byte>(_memory + Capacity - file.Length, file.Length);
            file.CopyTo(guarded);
            if (PngPixels.Decode(guarded) is { } pixels)
            {
                sound++;
                Assert.True(PngPixels.DecodeWithLibvips(file).AsSpan().SequenceEqual(pixels), $"Input {input} has other pixels.");
            }
        }

        return sound;
    }

    public void Dispose() => _ = Unmap(_memory, Capacity + PageSize);

    private byte[] Make()
    {
        var colors = Enum.GetValues<PngColorType>()[_random.Next(5)];
        var (width, height) = (_random.Next(1, 120), _random.Next(1, 40));
        var rows = PngSamples.MakeRows(colors, width, height, PngSamples.AnyFilter, _random);
        var kind = _random.Next(4);
        if (kind == 0)
        {
            Damage(rows, _random.Next(1, 6));
        }

        var data = PngSamples.Compress(rows, (CompressionLevel)_random.Next(4));
        if (kind == 1)
        {
            // The headers of blocks and the codes are at the start, where most decisions are made.
            Damage(data.AsSpan(2, Math.Min(data.Length - 2, _random.Next(2) == 0 ? 80 : data.Length)), _random.Next(1, 4));
        }

        var file = PngSamples.Write(colors, width, height, data, _random.Next(1, 2 * data.Length));
        return kind switch
        {
            2 => DamageChunks(file),
            3 => DamageFile(file),
            _ => file,
        };
    }

    private void Damage(Span<byte> bytes, int times)
    {
        for (; times > 0 && !bytes.IsEmpty; times--)
        {
            ref var value = ref bytes[_random.Next(bytes.Length)];
            value = (byte)(_random.Next(2) == 0 ? value ^ (1 << _random.Next(8)) : _random.Next(256));
        }
    }

    private byte[] DamageFile(byte[] file)
    {
        if (_random.Next(3) == 0)
        {
            return file[.._random.Next(file.Length)];
        }

        Damage(file, 1);
        return file;
    }

    /// <summary>Changes, repeats, moves or drops chunks, and writes them with correct checksums.</summary>
    private byte[] DamageChunks(byte[] file)
    {
        var chunks = new List<(string Name, byte[] Content)>();
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            chunks.Add((Encoding.ASCII.GetString(file, at + 4, 4), file[(at + 8)..(at + 8 + length)]));
            at += length + 12;
        }

        var (index, other) = (_random.Next(chunks.Count), _random.Next(chunks.Count));
        switch (_random.Next(5))
        {
            case 0:
                chunks.RemoveAt(index);
                break;
            case 1:
                chunks.Insert(other, chunks[index]);
                break;
            case 2:
                (chunks[index], chunks[other]) = (chunks[other], chunks[index]);
                break;
            default:
                Damage(chunks[_random.Next(2) == 0 ? 0 : index].Content, _random.Next(1, 3));
                break;
        }

        // No size that a change of the header's first bytes makes is needed: it takes long to compare.
        chunks.Where(chunk => chunk.Name == "IHDR").ToList().ForEach(chunk => chunk.Content.AsSpan(0, 2).Clear());
        return [.. file[..8], .. chunks.SelectMany(chunk => TestPng.Chunk(chunk.Name, chunk.Content))];
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial byte* Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(byte* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(byte* address, nuint length);
}
