namespace ImageResize.Core.Imaging.Isolation.Processes;

/// <summary>Chooses this process if the kernel has to end one because memory is short, and not its parent. Only on Linux.</summary>
internal static class OutOfMemoryKiller
{
    public static void PreferThisProcess()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", "1000");
        }
        catch (Exception forbidden) when (forbidden is IOException or UnauthorizedAccessException)
        {
            // The kernel decides by its usual rules.
        }
    }
}
