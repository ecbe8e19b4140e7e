using ImageResize.Core.Errors;
using ImageResize.Core.Sources.Folder;

namespace ImageResize.Tests.Sources.Folder;

public sealed class FolderPathTests
{
    [Theory]
    [InlineData("/ImageResize/images/a.jpg", "/ImageResize/images/a.jpg")]
    [InlineData("a.jpg", "/ImageResize/images/a.jpg")]
    [InlineData("Japan/a.jpg", "/ImageResize/images/Japan/a.jpg")]
    [InlineData("/ImageResize/images/Japan/", "/ImageResize/images/Japan/")]
    [InlineData("/ImageResize/images", "/ImageResize/images/")]
    [InlineData("/ImageResize/images/", "/ImageResize/images/")]
    [InlineData("a.jpg[shrink=8]", "/ImageResize/images/a.jpg[shrink=8]")]
    [InlineData("100%2ejpg", "/ImageResize/images/100%2ejpg")]
    [InlineData("-dash .jpg ", "/ImageResize/images/-dash .jpg ")]
    [InlineData("what?#;.jpg", "/ImageResize/images/what?#;.jpg")]
    [InlineData("...", "/ImageResize/images/...")]
    [InlineData("a\u0301\u202E\U0001F600.jpg", "/ImageResize/images/a\u0301\u202E\U0001F600.jpg")]
    [InlineData("./a.jpg", "/ImageResize/images/a.jpg")]
    [InlineData("a/./b.jpg", "/ImageResize/images/a/b.jpg")]
    [InlineData("a//b.jpg", "/ImageResize/images/a/b.jpg")]
    [InlineData("a//", "/ImageResize/images/a/")]
    [InlineData("/ImageResize/images//etc/passwd", "/ImageResize/images/etc/passwd")]
    [InlineData("./", "/ImageResize/images/")]
    public void A_path_in_the_folder_is_normalized(string path, string expected) =>
        Assert.Equal(expected, FolderPath.Normalize(path));

    [Theory]
    [InlineData("..")]
    [InlineData("../a.jpg")]
    [InlineData("a/../b.jpg")]
    [InlineData("a/..")]
    [InlineData("/ImageResize/images/../a.jpg")]
    [InlineData("/ImageResize/images/../../etc/passwd")]
    [InlineData("..%2fa.jpg")]
    [InlineData("%2e%2e/a.jpg")]
    [InlineData("%2e%2e%2fa.jpg")]
    [InlineData("%2E./a.jpg")]
    [InlineData("a%2fb.jpg")]
    [InlineData("a%5cb.jpg")]
    [InlineData("a%00.jpg")]
    [InlineData("..\\a.jpg")]
    [InlineData("a\\b.jpg")]
    [InlineData("%c0%ae%c0%ae/a.jpg")]
    [InlineData("\uFFFD\uFFFD/a.jpg")]
    [InlineData("..;/a.jpg")]
    [InlineData("..;x=1/a.jpg")]
    [InlineData("/etc/passwd")]
    [InlineData("/")]
    [InlineData("//etc/passwd")]
    [InlineData("/ImageResize/images-evil/a.jpg")]
    [InlineData("/imageresize/images/a.jpg")]
    [InlineData("/ImageResize")]
    [InlineData("a\0.jpg")]
    [InlineData("a\n.jpg")]
    [InlineData("a\u001b[31m.jpg")]
    public void A_path_that_could_lead_outside_is_refused(string path) =>
        Assert.Throws<RefusedException>(() => FolderPath.Normalize(path));

    [Trait("Abuse", "7")]
    [Fact]
    public void Long_paths_and_names_are_refused()
    {
        Assert.Throws<RefusedException>(() => FolderPath.Normalize(string.Concat(Enumerable.Repeat("abcdefghi/", 410))));
        Assert.Throws<RefusedException>(() => FolderPath.Normalize(new string('é', 128)));
        Assert.EndsWith("e", FolderPath.Normalize(new string('e', 255)), StringComparison.Ordinal);
    }
}
