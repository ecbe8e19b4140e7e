using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NetVips;

namespace ImageResize.Core.Imaging.Vips;

/// <summary>A source in memory that the parent of a child process shares, read in place. Only on Linux.</summary>
internal sealed unsafe partial class MappedSource : MemoryManager<byte>
{
    private const int Read = 1;
    private const int Shared = 1;

    private static readonly delegate* unmanaged<void*, nuint, nint> NewSource = (delegate* unmanaged<void*, nuint, nint>)
        NativeLibrary.GetExport(NativeLibrary.Load("libvips.so.42", typeof(Source).Assembly, null), "vips_source_new_from_memory");

    private readonly byte* _start;
    private readonly int _length;

    /// <param name="length">Greater than 0.</param>
    public MappedSource(int descriptor, int length)
    {
        var start = Map(0, (nuint)length, Read, Shared, descriptor, 0);
        if (start == -1)
        {
            throw new IOException("The source can't be mapped.");
        }

        _start = (byte*)start;
        _length = length;
    }

    /// <summary>Opens the memory of another process of the same user.</summary>
    /// <returns>-1 if that is not possible.</returns>
    public static int Open(int process, int descriptor) => descriptor < 0 ? -1 : OpenFile($"/proc/{process}/fd/{descriptor}", flags: 0);

    /// <returns>A libvips source over the bytes in place. NetVips can only copy memory that is not an array.</returns>
    public Source OpenSource(int start, int length) => Create(NewSource(_start + start, (nuint)length));

    public Stream OpenStream() => new UnmanagedMemoryStream(_start, _length);

    public override Span<byte> GetSpan() => new(_start, _length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

    public override void Unpin()
    {
        // Never moves.
    }

    protected override void Dispose(bool disposing) => _ = Unmap((nint)_start, (nuint)_length);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern Source Create(nint pointer);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
