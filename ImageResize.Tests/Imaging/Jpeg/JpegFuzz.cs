using System.Runtime.InteropServices;
using ImageResize.Core.Imaging.FastPath;
using ImageResize.Core.Imaging.Jpeg;
using ImageResize.Core.Imaging.Jpeg.Encoding;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Tests.Imaging.Jpeg;

/// <summary>Passes damaged files to the fast path that end at an unreadable page: a read past the end crashes the process.</summary>
internal sealed unsafe partial class JpegFuzz : IDisposable
{
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private const int PageSize = 4_096;

    private readonly JpegEncoder _encoder = new();
    private readonly Random _random;
    private readonly byte[][] _seeds;
    private readonly byte* _memory;
    private readonly int _capacity;

    public JpegFuzz(int seed, byte[][] seeds)
    {
        _random = new Random(seed);
        _seeds = seeds;
        _capacity = ((2 * seeds.Max(file => file.Length) / PageSize) + 2) * PageSize;
        _memory = Map(0, (nuint)(_capacity + PageSize), ReadWrite, PrivateAnonymous, -1, 0);
        if ((nint)_memory == -1 || Protect(_memory + _capacity, PageSize, 0) != 0)
        {
            throw new InvalidOperationException("Could not map memory with a guard page.");
        }
    }

    /// <summary>Returns the number of inputs that were decoded. All others must be left to libvips without an exception.</summary>
    public int Run(int inputs, CancellationToken cancellationToken)
    {
        var sound = 0;
        for (var input = 0; input < inputs; input++)
        {
            var file = Damage(_seeds[_random.Next(_seeds.Length)]);
            var guarded = new Span<byte>(_memory + _capacity - file.Length, file.Length);
            file.CopyTo(guarded);

            ThumbnailSpec[] specs = [.. Enumerable.Range(0, _random.Next(1, 3)).Select(_ => Spec())];
            using var picture = JpegFastPath.Decode(guarded, specs, long.MaxValue, cancellationToken);
            sound += picture is null ? 0 : 1;
            foreach (var spec in specs)
            {
                if (picture?.Resize(spec) is { } planes)
                {
                    _encoder.Encode(planes, _random.Next(1, 101));
                }
            }
        }

        return sound;
    }

    public void Dispose() => _ = Unmap(_memory, (nuint)(_capacity + PageSize));

    /// <summary>Half of them need more than the means of blocks.</summary>
    private ThumbnailSpec Spec()
    {
        var limit = _random.Next(2) == 0 ? 40 : 400;

        return new(_random.Next(1, limit), _random.Next(1, limit)) { Fit = (Fit)_random.Next(3) };
    }

    private byte[] Damage(byte[] seed)
    {
        var file = seed.ToArray();
        for (var times = _random.Next(1, 6); times > 0; times--)
        {
            // Half of the damage is in the headers, where most decisions are made.
            var end = _random.Next(2) == 0 ? Math.Min(700, file.Length) : file.Length;
            var at = _random.Next(end);
            file = _random.Next(8) switch
            {
                0 => file[..Math.Max(1, at)],
                1 => [.. file[..at], (byte)_random.Next(256), .. file[at..]],
                2 => [.. file[..at], .. file[Math.Min(file.Length, at + _random.Next(1, 9))..]],
                3 => [.. file[..at], 0xFF, (byte)_random.Next(0xC0, 0x100), .. file[at..]],
                _ => Overwrite(file, at),
            };

            if (file.Length == 0)
            {
                return [0xFF];
            }
        }

        return file.Length <= _capacity ? file : file[.._capacity];
    }

    private byte[] Overwrite(byte[] file, int at)
    {
        file[at] = _random.Next(3) switch
        {
            0 => (byte)(file[at] ^ (1 << _random.Next(8))),
            1 => 0xFF,
            _ => (byte)_random.Next(256),
        };
        return file;
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial byte* Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(byte* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(byte* address, nuint length);
}
