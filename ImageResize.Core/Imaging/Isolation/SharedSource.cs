using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>
/// Memory without a name in which one child process finds its source. The parent writes to it and never maps or reads it, so that the
/// child can't harm the parent through it. Only on Linux.
/// </summary>
internal sealed partial class SharedSource : IDisposable
{
    /// <summary>More memory is returned to the system after each image.</summary>
    private const int MaxKept = 16_000_000;

    private const uint CloseOnExec = 1;

    private readonly SafeFileHandle _memory;

    private SharedSource(int descriptor)
    {
        Descriptor = descriptor;
        _memory = new SafeFileHandle(descriptor, ownsHandle: true);
    }

    public int Descriptor { get; }

    /// <returns>Null if the system has none; sources then go through a pipe.</returns>
    public static SharedSource? TryCreate() =>
        OperatingSystem.IsLinux() && CreateMemory("source", CloseOnExec) is >= 0 and var descriptor ? new SharedSource(descriptor) : null;

    public void Write(ReadOnlySpan<byte> source) => RandomAccess.Write(_memory, source, 0);

    /// <summary>To be called when the child no longer reads the source.</summary>
    public void Trim(int length)
    {
        if (length > MaxKept)
        {
            RandomAccess.SetLength(_memory, 0);
        }
    }

    public void Dispose() => _memory.Dispose();

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateMemory(string name, uint flags);
}
