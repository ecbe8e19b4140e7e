using System.Diagnostics;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Sources.Folder;

/// <summary>Files of folders that are not listed as images.</summary>
public sealed class SkippedFileTests : FolderSourceTestBase
{
    [Fact]
    public async Task A_file_without_a_known_extension_is_judged_by_its_first_bytes()
    {
        Root.Write("photo", TestImages.Jpeg(8, 8));
        Root.Write("photo.heic", TestImages.Jpeg(8, 8));
        Root.Write("photo.jpg.bak", TestImages.Png(8, 8));
        Root.Write("report.pdf", "%PDF-1.7 "u8.ToArray());
        Root.Write("phone.heic", [0, 0, 0, 24, .. "ftypheic\0\0\0\0mif1heic"u8]);
        Root.Write("readme.txt", "text"u8.ToArray());
        Root.Write("empty", []);
        Root.Write("text.jpg", "text"u8.ToArray());

        Assert.Equal(
            [
                ("empty", "source_empty"), ("phone.heic", "unsupported_format"), ("photo", null), ("photo.heic", null),
                ("photo.jpg.bak", null), ("readme.txt", "not_an_image"), ("report.pdf", "unsupported_format"), ("text.jpg", null),
            ],
            await ListAllAsync());
    }

    [Fact]
    public async Task Hidden_files_are_left_out_without_reading_them()
    {
        foreach (var name in (string[])[".DS_Store", "._a.jpg", ".hidden.jpg", "a.jpg"])
        {
            Root.Write(name, TestImages.Jpeg(8, 8));
        }

        Assert.Equal([(".DS_Store", "hidden"), ("._a.jpg", "hidden"), (".hidden.jpg", "hidden"), ("a.jpg", null)], await ListAllAsync());
    }

    [Trait("Abuse", "3")]
    [Trait("Abuse", "5")]
    [Fact]
    public async Task A_file_without_a_known_extension_that_may_not_be_read_is_left_out()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "NOT RUN: pipes are created on Linux only.");
        using var process = Process.Start("mkfifo", [Root["pipe"]]);
        await process.WaitForExitAsync(Token);
        File.CreateSymbolicLink(Root["dangling"], Root["missing"]);
        File.CreateSymbolicLink(Root["outside"], Outside.Write("photo", TestImages.Jpeg(8, 8)));

        Assert.Equal(
            [("dangling", "source_not_found"), ("outside", "source_not_allowed"), ("pipe", "source_not_a_file")],
            await ListAllAsync());
    }

    [Fact]
    public async Task Many_files_are_listed_in_order()
    {
        string[] names = [.. Enumerable.Range(0, 1_000).Select(i => $"{i:D4}")];
        foreach (var name in names)
        {
            Root.Write(name, "GIF89a"u8.ToArray());
        }

        Assert.Equal(names, await ListAsync(""));
    }

    private async Task<List<(string Name, string? Reason)>> ListAllAsync() => await Source.ListAsync(Normalize(""), after: null, Token)
        .Select(file => (file.Source.Path[(file.Source.Path.LastIndexOf('/') + 1)..], file.SkipReason?.Name))
        .ToListAsync(Token);
}
