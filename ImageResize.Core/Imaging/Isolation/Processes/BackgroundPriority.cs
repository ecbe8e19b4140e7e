using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ImageResize.Core.Imaging.Isolation.Processes;

/// <summary>
/// Lowers the priority of threads and processes that keep a core busy, so that requests, which take little time, do not wait for images.
/// </summary>
internal static partial class BackgroundPriority
{
    /// <summary>
    /// The nice value of Linux that <see cref="ProcessPriorityClass.BelowNormal"/> means: about a tenth of the weight of 0.
    /// </summary>
    private const int Nice = 10;

    private const int ThisThread = 0;

    /// <summary>Lowers the priority of the current thread for the rest of its life: on Linux, only root can raise it again.</summary>
    public static void LowerThread()
    {
        if (OperatingSystem.IsLinux())
        {
            // On Linux, the priority of a thread is a nice value, which the runtime does not set.
            _ = SetPriority(which: 0, ThisThread, Nice);
        }
        else
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }
    }

    /// <summary>Lowers the priority of a process that has just started, and of the threads that it starts later.</summary>
    public static void Lower(Process process)
    {
        try
        {
            process.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception)
        {
            // It has ended already, which its caller notices.
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);
}
