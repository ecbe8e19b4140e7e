using ImageResize.Core.Sources;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Sources.Folder;

/// <summary>A folder with its subfolders, written as for blobs: <c>a/**</c>.</summary>
public sealed class RecursiveFolderTests : FolderSourceTestBase
{
    [Fact]
    public async Task The_stars_include_subfolders_without_thumbnails_and_hidden_folders()
    {
        string[] images = ["a.jpg", "Japan/b.jpg", "Japan/resized/c.jpg", "Japan/deep/er/d.jpg", "z.jpg"];
        string[] others = ["resized/a_resized.jpg", "resized/Japan/b_resized.jpg", ".git/e.jpg", "Japan/_callers/f.jpg"];
        foreach (var name in images.Concat(others))
        {
            Root.Write(name, [1]);
        }

        Assert.Equal(images.Order(StringComparer.Ordinal).Select(name => "/ImageResize/images/" + name), await ListPathsAsync("**"));
        Assert.Equal(
            ["/ImageResize/images/Japan/deep/er/d.jpg", "/ImageResize/images/Japan/resized/c.jpg"],
            await ListPathsAsync("Japan/**", after: "Japan/b.jpg"));
        Assert.Equal(["b.jpg"], await ListAsync("Japan/"));
    }

    [Fact]
    public async Task Links_to_folders_are_not_followed()
    {
        Outside.Write("secret.jpg", [1]);
        Root.Write("a/b.jpg", [1]);
        Directory.CreateSymbolicLink(Root["a/out"], Outside.Path);
        Directory.CreateSymbolicLink(Root["a/loop"], Root.Path);

        Assert.Equal(["/ImageResize/images/a/b.jpg"], await ListPathsAsync("**"));
    }

    [Theory]
    [InlineData("Japan/**", SourceKind.Folder, true)]
    [InlineData("**", SourceKind.Folder, true)]
    [InlineData("missing/**", SourceKind.Missing, false)]
    [InlineData("a.jpg/**", SourceKind.Missing, false)]
    [InlineData("Japan/*", SourceKind.Missing, false)]
    public async Task The_stars_make_a_folder_of_a_folder_only(string path, SourceKind kind, bool isFolder)
    {
        Root.Write("Japan/b.jpg", [1]);
        Root.Write("a.jpg", [1]);

        Assert.Equal(kind, await Source.FindKindAsync(Normalize(path), Token));
        Assert.Equal(isFolder, await Source.IsFolderAsync(Normalize(path), Token));
    }

    private async Task<List<string>> ListPathsAsync(string folder, string? after = null) => await Source
        .ListAsync(Normalize(folder), after is null ? null : Normalize(after), Token)
        .Where(file => file.SkipReason is null)
        .Select(file => file.Source.Path)
        .ToListAsync(Token);
}
