using ImageResize.Functions.Standalone.LocalStorage;

namespace ImageResize.Tests.Support.Processes;

/// <summary>A disk of one megabyte in memory, mounted over a test's folder. Needs Linux and root.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    public static async Task<SmallDisk> MountAsync(string folder, string options = "size=1m")
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Mounting a small disk needs root on Linux.");
        Directory.CreateDirectory(folder);
        var mounted = await Tool.RunAsync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder], "/", CancellationToken.None);
        Assert.SkipWhen(mounted.ExitCode != 0, "Disks cannot be mounted on this machine: " + mounted.Errors);

        return new SmallDisk(folder);
    }

    public async Task MakeReadOnlyAsync() =>
        Assert.Equal(0, (await Tool.RunAsync("mount", ["-o", "remount,ro", _folder], "/", CancellationToken.None)).ExitCode);

    public async Task MakeWritableAsync() =>
        Assert.Equal(0, (await Tool.RunAsync("mount", ["-o", "remount,rw", _folder], "/", CancellationToken.None)).ExitCode);

    /// <summary>Fills the disk with a file and returns its path.</summary>
    public string Fill()
    {
        var path = Path.Combine(_folder, "filler");
        using var file = File.Create(path);
        try
        {
            while (true)
            {
                file.Write(new byte[4096]);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // The disk is full.
        }

        return path;
    }

    public async ValueTask DisposeAsync() => await Tool.RunAsync("umount", ["-l", _folder], "/", CancellationToken.None);
}
