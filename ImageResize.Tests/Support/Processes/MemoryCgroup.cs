namespace ImageResize.Tests.Support.Processes;

/// <summary>A control group with a memory limit, as a container has one. Needs Linux and root.</summary>
internal sealed class MemoryCgroup : IDisposable
{
    private const string Root = "/sys/fs/cgroup";

    private readonly string _folder;

    private MemoryCgroup(string folder) => _folder = folder;

    /// <summary>A process that writes its id to this file is in the group, and its children are.</summary>
    public string ProcessesFile => Path.Combine(_folder, "cgroup.procs");

    /// <summary>Creates a group, or skips the test if this machine has none.</summary>
    public static MemoryCgroup Create(long bytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "NOT RUN: a memory limit needs root on Linux.");
        var isSecondVersion = File.Exists(Path.Combine(Root, "cgroup.controllers"));
        var name = $"imageresize-{Guid.NewGuid():n}";
        var group = new MemoryCgroup(isSecondVersion ? Path.Combine(Root, name) : Path.Combine(Root, "memory", name));
        try
        {
            Directory.CreateDirectory(group._folder);
            File.WriteAllText(Path.Combine(group._folder, isSecondVersion ? "memory.max" : "memory.limit_in_bytes"), $"{bytes}");
        }
        catch (Exception unavailable) when (unavailable is IOException or UnauthorizedAccessException)
        {
            Assert.Skip("NOT RUN: memory cannot be limited here: " + unavailable.Message);
        }

        return group;
    }

    /// <summary>Removes the group, whose processes must have ended.</summary>
    public void Dispose()
    {
        for (var attempt = 0; Directory.Exists(_folder) && attempt < 50; attempt++)
        {
            try
            {
                Directory.Delete(_folder);
            }
            catch (IOException)
            {
                // The kernel has not yet released the last process.
                Thread.Sleep(100);
            }
        }
    }
}
