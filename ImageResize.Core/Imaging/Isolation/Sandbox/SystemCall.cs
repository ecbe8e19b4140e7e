using System.Runtime.InteropServices;

namespace ImageResize.Core.Imaging.Isolation.Sandbox;

/// <summary>Calls of the Linux kernel that the C library has no functions for. All return -1 on failure.</summary>
internal static partial class SystemCall
{
    public const int CreateRuleset = 444;
    public const int AddRule = 445;
    public const int RestrictSelf = 446;

    /// <summary>As the kernel's audit numbers it. Null if <see cref="SystemCallRules"/> does not have its numbers.</summary>
    public static uint? Architecture => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => 0xC000003E,
        System.Runtime.InteropServices.Architecture.Arm64 => 0xC00000B7,
        _ => null,
    };

    public static bool IsX64 => RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64;

    public static int Seccomp => IsX64 ? 317 : 277;

    public static int SetCapabilities => IsX64 ? 126 : 91;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static unsafe partial nint Invoke(nint number, nint first, void* second, nint third, nint fourth);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    public static partial int ControlProcess(int option, nuint value, nuint unused3, nuint unused4, nuint unused5);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    /// <exception cref="IOException">The call failed.</exception>
    public static nint Check(nint result, string what) => result >= 0
        ? result
        : throw new IOException($"The sandbox can't be entered: {what}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
}
