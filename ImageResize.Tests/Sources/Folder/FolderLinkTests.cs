using System.Diagnostics;
using System.Net.Sockets;
using ImageResize.Core.Errors;

namespace ImageResize.Tests.Sources.Folder;

/// <summary>Symbolic links, and files that are not regular ones.</summary>
public sealed class FolderLinkTests : FolderSourceTestBase
{
    [Fact]
    public async Task A_link_to_a_file_in_the_folder_is_followed()
    {
        Root.Write("a.jpg", [7]);
        Directory.CreateDirectory(Root["sub"]);
        File.CreateSymbolicLink(Root["sub/link.jpg"], Root["a.jpg"]);
        File.CreateSymbolicLink(Root["sub/relative.jpg"], "../a.jpg");

        Assert.Equal([7], await ReadAsync("sub/link.jpg"));
        Assert.Equal([7], await ReadAsync("sub/relative.jpg"));
    }

    [Trait("Abuse", "3")]
    [Fact]
    public async Task A_link_to_a_file_outside_is_refused()
    {
        var secret = Outside.Write("secret.jpg", [1]);
        File.CreateSymbolicLink(Root["file.jpg"], secret);
        File.CreateSymbolicLink(Root["chain.jpg"], Root["file.jpg"]);
        Directory.CreateSymbolicLink(Root["folder"], Outside.Path);
        File.CreateSymbolicLink(Root["dots.jpg"], "../" + Path.GetFileName(Outside.Path) + "/secret.jpg");

        foreach (var name in (string[])["file.jpg", "chain.jpg", "folder/secret.jpg", "dots.jpg"])
        {
            Assert.Equal(ErrorCode.SourceNotAllowed.Name, await RefusalAsync(name));
            Assert.Equal(
                ErrorCode.SourceNotAllowed.Name,
                (await Assert.ThrowsAsync<RefusedException>(() => Source.FindKindAsync(Normalize(name), Token))).Code.Name);
        }
    }

    [Trait("Abuse", "2")]
    [Fact]
    public async Task A_sibling_folder_with_the_same_prefix_is_outside()
    {
        var beside = Directory.CreateDirectory(Root.Path + "-evil");
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(beside.FullName, "a.jpg"), [1], Token);
            Directory.CreateSymbolicLink(Root["link"], beside.FullName);

            Assert.Equal(ErrorCode.SourceNotAllowed.Name, await RefusalAsync("link/a.jpg"));
        }
        finally
        {
            beside.Delete(recursive: true);
        }
    }

    [Trait("Abuse", "3")]
    [Fact]
    public async Task A_link_to_itself_is_not_found()
    {
        File.CreateSymbolicLink(Root["loop.jpg"], Root["loop.jpg"]);

        Assert.Equal(ErrorCode.SourceNotFound.Name, await RefusalAsync("loop.jpg"));
    }

    /// <summary>The file is replaced atomically and repeatedly while it is opened.</summary>
    [Trait("Abuse", "3")]
    [Fact]
    public async Task A_file_swapped_for_a_link_while_opening_never_reads_outside()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "NOT RUN: only Linux reports the path of an open file.");
        Root.Write("a.jpg", [1]);
        var secret = Outside.Write("secret.jpg", [2]);
        using var done = new CancellationTokenSource();
        var swapping = Task.Run(
            () =>
            {
                while (!done.IsCancellationRequested)
                {
                    File.CreateSymbolicLink(Root["next"], secret);
                    File.Move(Root["next"], Root["a.jpg"], overwrite: true);
                    File.Move(Root.Write("next", [1]), Root["a.jpg"], overwrite: true);
                }
            },
            Token);

        int read = 0, refused = 0;
        for (var i = 0; i < 20_000 || ((read == 0 || refused == 0) && i < 200_000); i++)
        {
            try
            {
                Assert.Equal([1], await ReadAsync("a.jpg"));
                read++;
            }
            catch (RefusedException refusal)
            {
                Assert.Equal(ErrorCode.SourceNotAllowed.Name, refusal.Code.Name);
                refused++;
            }
        }

        await done.CancelAsync();
        await swapping;
        Assert.True(read > 0 && refused > 0, $"{read} read, {refused} refused");
    }

    [Trait("Abuse", "3")]
    [Fact]
    public async Task A_folder_swapped_for_a_link_while_listing_never_lists_outside()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "NOT RUN: only Linux reports the path of an open folder.");
        Root.Write("sub/a.jpg", [1]);
        Outside.Write("secret.jpg", [2]);
        using var done = new CancellationTokenSource();
        var swapping = Task.Run(
            () =>
            {
                while (!done.IsCancellationRequested)
                {
                    FolderSwap.Replace(Root["sub"], Outside.Path, Root["away"]);
                }
            },
            Token);

        int listed = 0, refused = 0;
        for (var i = 0; i < 5_000 || ((listed == 0 || refused == 0) && i < 100_000); i++)
        {
            try
            {
                var names = await Source.ListAsync(Normalize("sub"), after: null, Token).ToListAsync(Token);
                Assert.DoesNotContain(names, name => name.ToString()!.Contains("secret", StringComparison.Ordinal));
                listed += names.Count;
            }
            catch (RefusedException refusal)
            {
                refused += refusal.Code == ErrorCode.SourceNotAllowed ? 1 : 0;
            }
        }

        await done.CancelAsync();
        await swapping;
        Assert.True(listed > 0 && refused > 0, $"{listed} listed, {refused} refused");
    }

    [Fact]
    public async Task A_folder_outside_is_not_listed()
    {
        Directory.CreateSymbolicLink(Root["link"], Outside.Path);

        await Assert.ThrowsAsync<RefusedException>(
            async () => await Source.ListAsync(Normalize("link"), after: null, Token).ToListAsync(Token));
    }

    [Trait("Abuse", "5")]
    [Fact]
    public async Task Pipes_sockets_and_devices_are_refused_without_blocking()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "NOT RUN: pipes and sockets are created on Linux only.");
        await RunAsync("mkfifo", Root["pipe.jpg"]);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Root["socket.jpg"]));
        string[] outside = ["/dev/zero", "/dev/stdin", "/proc/self/environ"];

        foreach (var name in (string[])["pipe.jpg", "socket.jpg"])
        {
            Assert.Equal(ErrorCode.SourceNotAFile.Name, await RefusalAsync(name));
            await Assert.ThrowsAsync<RefusedException>(() => Source.FindKindAsync(Normalize(name), Token));
        }

        foreach (var (place, i) in outside.Select((place, i) => (place, i)))
        {
            File.CreateSymbolicLink(Root[$"{i}.jpg"], place);
            Assert.Equal(ErrorCode.SourceNotAllowed.Name, await RefusalAsync($"{i}.jpg"));
        }
    }

    [Trait("Abuse", "5")]
    [Fact]
    public async Task A_device_in_the_folder_is_refused_without_blocking()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "NOT RUN: only root on Linux can create a device.");
        var made = await StartAsync("mknod", Root["zero.jpg"], "c", "1", "5");
        Assert.SkipUnless(made == 0, "NOT RUN: devices cannot be created here.");

        Assert.Contains(await RefusalAsync("zero.jpg"), (string[])[ErrorCode.SourceNotAFile.Name, ErrorCode.SourceNotAllowed.Name]);
    }

    private static async Task RunAsync(string command, string argument) => Assert.Equal(0, await StartAsync(command, argument));

    private static async Task<int> StartAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        await process.WaitForExitAsync(Token);

        return process.ExitCode;
    }
}
