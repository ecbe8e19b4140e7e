using ImageResize.Functions.Standalone.LocalStorage;

namespace ImageResize.Tests.Support.Processes;

/// <summary>A second place of a folder, at which nothing can be written. Needs Linux and root.</summary>
internal sealed class ReadOnlyFolder : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private ReadOnlyFolder()
    {
    }

    public string Path => _folder.Path;

    public static async Task<ReadOnlyFolder> MountAsync(string folder)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Mounting a folder needs root on Linux.");
        var mounted = new ReadOnlyFolder();
        var bound = await MountAsync("--bind", folder, mounted.Path);
        if (bound.ExitCode != 0)
        {
            mounted._folder.Dispose();
            Assert.Skip("Folders cannot be mounted on this machine: " + bound.Errors);
        }

        Assert.Equal(0, (await MountAsync("-o", "remount,bind,ro", mounted.Path)).ExitCode);
        Assert.Throws<IOException>(() => File.WriteAllText(mounted._folder["written"], ""));

        return mounted;
    }

    public async ValueTask DisposeAsync()
    {
        var unmounted = await Tool.RunAsync("umount", ["-l", Path], "/", CancellationToken.None);
        Assert.True(unmounted.ExitCode == 0, unmounted.Errors);
        _folder.Dispose();
    }

    private static Task<ToolResult> MountAsync(params string[] arguments) =>
        Tool.RunAsync("mount", arguments, "/", CancellationToken.None);
}
