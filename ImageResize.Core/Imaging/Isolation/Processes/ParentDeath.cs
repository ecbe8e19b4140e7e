using System.Runtime.InteropServices;

namespace ImageResize.Core.Imaging.Isolation.Processes;

/// <summary>Makes the kernel end this process when its parent ends. Only on Linux; elsewhere the end of standard input does.</summary>
internal static partial class ParentDeath
{
    private const int SetParentDeathSignal = 1;
    private const int Kill = 9;

    /// <summary>Ends this process at once if the parent has already ended.</summary>
    public static void Bind(int parent)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        _ = ProcessControl(SetParentDeathSignal, Kill, 0, 0, 0);
        if (GetParentId() != parent)
        {
            Environment.Exit(1);
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int ProcessControl(int option, nuint value, nuint unused3, nuint unused4, nuint unused5);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParentId();
}
