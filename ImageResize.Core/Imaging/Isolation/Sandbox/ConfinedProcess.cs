using System.Runtime.InteropServices;

namespace ImageResize.Core.Imaging.Isolation.Sandbox;

/// <summary>
/// The second half of a child process's start: what must wait until the runtime and libvips are loaded. It binds all threads.
/// </summary>
internal static partial class ConfinedProcess
{
    private const int DataLimit = 2;
    private const int StandardError = 2;
    private const int WriteOnly = 1;

    /// <summary>For stacks of threads and code, which count too.</summary>
    private const long MemoryBesides = 256_000_000;

    /// <param name="memory">Bytes that the parent allows. Memory that has only been reserved does not count, unlike in RLIMIT_AS.</param>
    /// <exception cref="IOException">The kernel refuses it.</exception>
    public static void Enter(long memory)
    {
        ProcessLimit.Set(DataLimit, memory + MemoryBesides);

        // Standard error is the parent's, and may be its log.
        var nowhere = (int)SystemCall.Check(SystemCall.Open("/dev/null", WriteOnly), "open");
        SystemCall.Check(Duplicate(nowhere, StandardError), "dup2");
        _ = SystemCall.Close(nowhere);
        SeccompFilter.Install();
    }

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Duplicate(int descriptor, int replaced);
}
