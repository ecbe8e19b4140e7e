using System.Runtime.InteropServices;

namespace ImageResize.Core.Imaging.Isolation.Sandbox;

/// <summary>The kernel's limits for this process.</summary>
internal static partial class ProcessLimit
{
    /// <param name="resource">The kernel's number.</param>
    /// <exception cref="IOException">The kernel refuses it.</exception>
    public static void Set(int resource, long value)
    {
        var limit = new Limit { Soft = (ulong)value, Hard = (ulong)value };
        SystemCall.Check(SetLimit(resource, in limit), "setrlimit");
    }

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, in Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
