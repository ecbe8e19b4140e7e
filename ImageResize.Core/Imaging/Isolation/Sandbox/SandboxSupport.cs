using System.Runtime.InteropServices;

namespace ImageResize.Core.Imaging.Isolation.Sandbox;

/// <summary>Finds out whether this system can confine child processes.</summary>
internal static class SandboxSupport
{
    /// <returns>Why there is no sandbox; null if there is one.</returns>
    public static string? FindObstacle()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "it needs Linux";
        }

        if (RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal))
        {
            return "it needs glibc";
        }

        if (SystemCall.Architecture is null)
        {
            return "it needs an x64 or Arm64 processor";
        }

        return Landlock.Version < 1 ? "the kernel has no Landlock, or a container forbids it"
            : !SeccompFilter.IsAvailable() ? "the kernel has no seccomp filters, or a container forbids them"
            : null;
    }
}
