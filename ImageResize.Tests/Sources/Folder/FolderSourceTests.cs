using System.Diagnostics;
using System.Net.Sockets;
using ImageResize.Core.Errors;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Folder;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Sources.Folder;

public sealed class FolderSourceTests : IDisposable
{
    private readonly TemporaryFolder _root = new();
    private readonly TemporaryFolder _outside = new();
    private readonly FolderSource _source;

    public FolderSourceTests() => _source = new FolderSource(Options.Create(new SourcesOptions { ImagesRoot = _root.Path }));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _root.Dispose();
        _outside.Dispose();
    }

    [Trait("Abuse", "8")]
    [Trait("Abuse", "13")]
    [Theory]
    [InlineData("a.jpg")]
    [InlineData("sub/a.jpg[shrink=8]")]
    [InlineData("e\u0301.jpg")]
    [InlineData("\u00e9.jpg")]
    [InlineData("100%2ejpg")]
    [InlineData(" \u202E\U0001F600#?.jpg ")]
    public async Task A_file_is_found_by_its_exact_name(string name)
    {
        _root.Write(name, [1, 2, 3]);

        Assert.Equal([1, 2, 3], await ReadAsync(name));
    }

    [Trait("Abuse", "8")]
    [Fact]
    public async Task Names_that_only_look_alike_are_different_files()
    {
        _root.Write("e\u0301.jpg", [1]);

        Assert.Equal(ErrorCode.SourceNotFound.Name, await RefusalAsync("\u00e9.jpg"));
    }

    [Theory]
    [InlineData("missing.jpg", "source_not_found")]
    [InlineData("missing/a.jpg", "source_not_found")]
    [InlineData("a.jpg/b.jpg", "source_not_found")]
    [InlineData("a.jpg/", "source_not_found")]
    [InlineData("folder.jpg", "source_not_a_file")]
    [InlineData("folder.jpg/", "source_not_a_file")]
    [InlineData("", "source_not_a_file")]
    public async Task What_is_no_file_is_refused(string name, string code)
    {
        _root.Write("a.jpg", [1]);
        Directory.CreateDirectory(_root["folder.jpg"]);

        Assert.Equal(code, await RefusalAsync(name));
    }

    [Fact]
    public async Task A_folders_images_are_the_files_whose_names_end_so_hidden_ones_too()
    {
        foreach (var name in (string[])["b.PNG", ".hidden.jpg", "a.jpg", "a.txt", "sub/c.jpg"])
        {
            _root.Write("many/" + name, [1]);
        }

        var images = await _source.ListAsync("/ImageResize/images/many/".ToSource(), after: null, Token).ToListAsync(Token);

        Assert.Equal(
            ["/ImageResize/images/many/.hidden.jpg", "/ImageResize/images/many/a.jpg", "/ImageResize/images/many/b.PNG"],
            images.Select(image => image.Path));
    }

    [Fact]
    public async Task A_link_inside_is_followed()
    {
        _root.Write("a.jpg", [7]);
        Directory.CreateDirectory(_root["sub"]);
        File.CreateSymbolicLink(_root["sub/link.jpg"], _root["a.jpg"]);
        File.CreateSymbolicLink(_root["sub/relative.jpg"], "../a.jpg");

        Assert.Equal([7], await ReadAsync("sub/link.jpg"));
        Assert.Equal([7], await ReadAsync("sub/relative.jpg"));
    }

    [Trait("Abuse", "3")]
    [Fact]
    public async Task A_link_to_outside_is_refused_however_it_gets_there()
    {
        var secret = _outside.Write("secret.jpg", [1]);
        File.CreateSymbolicLink(_root["file.jpg"], secret);
        File.CreateSymbolicLink(_root["chain.jpg"], _root["file.jpg"]);
        Directory.CreateSymbolicLink(_root["folder"], _outside.Path);
        File.CreateSymbolicLink(_root["dots.jpg"], "../" + Path.GetFileName(_outside.Path) + "/secret.jpg");

        foreach (var name in (string[])["file.jpg", "chain.jpg", "folder/secret.jpg", "dots.jpg"])
        {
            Assert.Equal(ErrorCode.SourceNotAllowed.Name, await RefusalAsync(name));
            Assert.Equal(
                ErrorCode.SourceNotAllowed.Name,
                (await Assert.ThrowsAsync<RefusedException>(() => _source.FindKindAsync(Normalize(name), Token))).Code.Name);
        }
    }

    [Trait("Abuse", "2")]
    [Fact]
    public async Task A_folder_beside_whose_name_begins_alike_is_outside()
    {
        var beside = Directory.CreateDirectory(_root.Path + "-evil");
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(beside.FullName, "a.jpg"), [1], Token);
            Directory.CreateSymbolicLink(_root["link"], beside.FullName);

            Assert.Equal(ErrorCode.SourceNotAllowed.Name, await RefusalAsync("link/a.jpg"));
        }
        finally
        {
            beside.Delete(recursive: true);
        }
    }

    [Trait("Abuse", "3")]
    [Fact]
    public async Task A_link_to_itself_ends()
    {
        File.CreateSymbolicLink(_root["loop.jpg"], _root["loop.jpg"]);

        Assert.Equal(ErrorCode.SourceNotFound.Name, await RefusalAsync("loop.jpg"));
    }

    /// <summary>Exchanged again and again, in one step each time, while it is opened: it is the file or it is refused.</summary>
    [Trait("Abuse", "3")]
    [Fact]
    public async Task A_file_swapped_for_a_link_to_outside_gains_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "NOT RUN: only Linux tells where an open file lies.");
        _root.Write("a.jpg", [1]);
        var secret = _outside.Write("secret.jpg", [2]);
        using var done = new CancellationTokenSource();
        var swapping = Task.Run(
            () =>
            {
                while (!done.IsCancellationRequested)
                {
                    File.CreateSymbolicLink(_root["next"], secret);
                    File.Move(_root["next"], _root["a.jpg"], overwrite: true);
                    File.Move(_root.Write("next", [1]), _root["a.jpg"], overwrite: true);
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

    [Trait("Abuse", "5")]
    [Fact]
    public async Task What_is_no_plain_file_is_refused_without_waiting()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "NOT RUN: pipes and sockets are made by Linux here.");
        await RunAsync("mkfifo", _root["pipe.jpg"]);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_root["socket.jpg"]));
        string[] outside = ["/dev/zero", "/dev/stdin", "/proc/self/environ"];

        foreach (var name in (string[])["pipe.jpg", "socket.jpg"])
        {
            Assert.Equal(ErrorCode.SourceNotAFile.Name, await RefusalAsync(name));
            await Assert.ThrowsAsync<RefusedException>(() => _source.FindKindAsync(Normalize(name), Token));
        }

        foreach (var (place, i) in outside.Select((place, i) => (place, i)))
        {
            File.CreateSymbolicLink(_root[$"{i}.jpg"], place);
            Assert.Equal(ErrorCode.SourceNotAllowed.Name, await RefusalAsync($"{i}.jpg"));
        }
    }

    [Trait("Abuse", "5")]
    [Fact]
    public async Task A_device_in_the_folder_itself_is_refused_without_waiting()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "NOT RUN: only root on Linux makes a device.");
        var made = await StartAsync("mknod", _root["zero.jpg"], "c", "1", "5");
        Assert.SkipUnless(made == 0, "NOT RUN: devices cannot be made here.");

        Assert.Contains(await RefusalAsync("zero.jpg"), (string[])[ErrorCode.SourceNotAFile.Name, ErrorCode.SourceNotAllowed.Name]);
    }

    [Fact]
    public async Task A_folder_lists_its_images_in_order_and_nothing_else()
    {
        foreach (var name in "b.PNG a.jpg c.jpeg C.JPE d.jfif e.gif f.webp g.avif h.tif i.tiff j.bmp".Split(' '))
        {
            _root.Write("sub/" + name, [1]);
        }

        _root.Write("sub/readme.txt", [1]);
        _root.Write("sub/deeper/k.jpg", [1]);
        Directory.CreateDirectory(_root["sub/folder.jpg"]);

        var listed = await _source.ListAsync(Normalize("sub"), after: null, Token).ToListAsync(Token);

        Assert.Equal(
            "C.JPE a.jpg b.PNG c.jpeg d.jfif e.gif f.webp g.avif h.tif i.tiff j.bmp".Split(' ')
                .Select(name => "/ImageResize/images/sub/" + name),
            listed.Select(image => image.Path));
    }

    [Fact]
    public async Task A_listing_goes_on_where_it_stopped()
    {
        foreach (var name in (string[])["a.jpg", "b.jpg", "c.jpg"])
        {
            _root.Write(name, [1]);
        }

        var rest = await _source.ListAsync(Normalize(FolderPath.Root), "/ImageResize/images/a.jpg".ToSource(), Token).ToListAsync(Token);

        Assert.Equal(["/ImageResize/images/b.jpg", "/ImageResize/images/c.jpg"], rest.Select(image => image.Path));
    }

    [Fact]
    public async Task A_folder_outside_is_not_listed()
    {
        Directory.CreateSymbolicLink(_root["link"], _outside.Path);

        await Assert.ThrowsAsync<RefusedException>(
            async () => await _source.ListAsync(Normalize("link"), after: null, Token).ToListAsync(Token));
    }

    private SourceUri Normalize(string path) => _source.Normalize(path.ToSource());

    private async Task<byte[]> ReadAsync(string name)
    {
        await using var stream = await _source.OpenAsync(Normalize(name), Token);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, Token);

        return copy.ToArray();
    }

    private async Task<string> RefusalAsync(string name) =>
        (await Assert.ThrowsAsync<RefusedException>(async () => await _source.OpenAsync(Normalize(name), Token))).Code.Name;

    private static async Task RunAsync(string command, string argument) => Assert.Equal(0, await StartAsync(command, argument));

    private static async Task<int> StartAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        await process.WaitForExitAsync(Token);

        return process.ExitCode;
    }
}
