using ImageResize.Core.Errors;
using ImageResize.Core.Sources.Folder;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Sources.Folder;

public sealed class FolderSourceTests : FolderSourceTestBase
{
    [Trait("Abuse", "8")]
    [Trait("Abuse", "13")]
    [Theory]
    [InlineData("a.jpg")]
    [InlineData("sub/a.jpg[shrink=8]")]
    [InlineData("e\u0301.jpg")]
    [InlineData("\u00e9.jpg")]
    [InlineData("100%2ejpg")]
    [InlineData(" \u202E\U0001F600#?.jpg ")]
    public async Task A_file_is_read_by_its_exact_name(string name)
    {
        Root.Write(name, [1, 2, 3]);

        Assert.Equal([1, 2, 3], await ReadAsync(name));
    }

    [Trait("Abuse", "8")]
    [Fact]
    public async Task Unicode_normalization_forms_are_different_names()
    {
        Root.Write("e\u0301.jpg", [1]);

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
    public async Task A_path_that_is_not_a_file_is_refused(string name, string code)
    {
        Root.Write("a.jpg", [1]);
        Directory.CreateDirectory(Root["folder.jpg"]);

        Assert.Equal(code, await RefusalAsync(name));
    }

    [Theory]
    [InlineData("folder", true)]
    [InlineData("folder/", true)]
    [InlineData("folder.jpg/", true)]
    [InlineData("folder.jpg", false)]
    [InlineData("missing", false)]
    public async Task A_folder_named_like_an_image_is_an_item_only_with_a_slash(string name, bool isFolder)
    {
        Directory.CreateDirectory(Root["folder"]);
        Directory.CreateDirectory(Root["folder.jpg"]);

        Assert.Equal(isFolder, await Source.IsFolderAsync(Normalize(name), Token));
    }

    [Fact]
    public async Task A_folder_lists_only_its_images_in_order()
    {
        const string names = "b.PNG a.jpg c.jpeg C.JPE d.jfif e.gif f.webp g.avif h.tif i.tiff j.bmp k.tga l.ppm m.pgm n.pbm o.pnm";
        foreach (var name in names.Split(' '))
        {
            Root.Write("sub/" + name, [1]);
        }

        Root.Write("sub/readme.txt", [1]);
        Root.Write("sub/deeper/k.jpg", [1]);
        Directory.CreateDirectory(Root["sub/folder.jpg"]);

        Assert.Equal(
            "C.JPE a.jpg b.PNG c.jpeg d.jfif e.gif f.webp g.avif h.tif i.tiff j.bmp k.tga l.ppm m.pgm n.pbm o.pnm".Split(' '),
            await ListAsync("sub"));
    }

    [Fact]
    public async Task A_listing_continues_after_a_given_image()
    {
        foreach (var name in (string[])["a.jpg", "b.jpg", "c.jpg"])
        {
            Root.Write(name, [1]);
        }

        Assert.Equal(["b.jpg", "c.jpg"], await ListAsync(FolderPath.Root, after: "/ImageResize/images/a.jpg".ToSource()));
    }

    [Theory]
    [InlineData("resized")]
    [InlineData("./resized//")]
    [InlineData("resized/sub/")]
    [InlineData("link")]
    public async Task Folders_of_thumbnails_are_not_listed(string folder)
    {
        Root.Write("resized/sub/a_resized.jpg", [1]);
        Directory.CreateSymbolicLink(Root["link"], Root["resized/sub"]);

        Assert.Equal(
            ErrorCode.SourceNotAllowed,
            (await Assert.ThrowsAsync<RefusedException>(() => ListAsync(folder))).Code);
    }

    [Theory]
    [InlineData("resized/_callers/a1/uploads/b.jpg")]
    [InlineData("resized/_CALLERS/a1/uploads/b.jpg")]
    [InlineData("./resized/./_callers//a1/uploads/b.jpg")]
    [InlineData("_callers/b.jpg")]
    [InlineData("link/a1/uploads/b.jpg")]
    [InlineData("uploads/b.jpg")]
    [InlineData("b.jpg")]
    public async Task Thumbnails_of_uploads_and_web_images_are_not_sources(string name)
    {
        Root.Write("resized/_callers/a1/uploads/b.jpg", [1]);
        Directory.CreateSymbolicLink(Root["link"], Root["resized/_callers"]);
        Directory.CreateSymbolicLink(Root["uploads"], Root["resized/_callers/a1/uploads"]);
        File.CreateSymbolicLink(Root["b.jpg"], Root["resized/_callers/a1/uploads/b.jpg"]);

        Assert.Equal(ErrorCode.SourceNotAllowed.Name, await RefusalAsync(name));
    }
}
