using ImageResize.Core.Errors;
using ImageResize.Core.Sources.Blobs;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Sources.Blobs;

public sealed class BlobPathTests
{
    [Theory]
    [InlineData("blob://photos", "blob://photos/", true)]
    [InlineData("blob://photos/", "blob://photos/", true)]
    [InlineData("blob://photos/2026/", "blob://photos/2026/", true)]
    [InlineData("blob://photos/**", "blob://photos/**", true)]
    [InlineData("blob://photos/2026/**", "blob://photos/2026/**", true)]
    [InlineData("blob://photos/2026", "blob://photos/2026", false)]
    [InlineData("blob://photos/a.jpg", "blob://photos/a.jpg", false)]
    [InlineData("blob://photos/a%2e%2e/é#?.jpg", "blob://photos/a%2e%2e/é#?.jpg", false)]
    [InlineData("blob://photos/...jpg", "blob://photos/...jpg", false)]
    [InlineData("blob://photos/x**", "blob://photos/x**", false)]
    public void A_blob_or_a_folder_of_blobs_has_one_form(string source, string form, bool isFolder)
    {
        var path = BlobPath.Parse(source.ToSource());

        Assert.Equal((form, isFolder), (path.ToUri().Unredacted, path.IsFolder));
    }

    [Theory]
    [InlineData("blob://")]
    [InlineData("blob:///a.jpg")]
    [InlineData("blob://ab/a.jpg")]
    [InlineData("blob://Photos/a.jpg")]
    [InlineData("blob://pho--tos/a.jpg")]
    [InlineData("blob://-photos/a.jpg")]
    [InlineData("blob://photos-/a.jpg")]
    [InlineData("blob://photos\n/a.jpg")]
    [InlineData("blob://$web/a.jpg")]
    [InlineData("blob://../a.jpg")]
    [InlineData("blob://photos?x/a.jpg")]
    [InlineData("blob://photos.example.com/a.jpg")]
    [InlineData("blob://photos/../secret/a.jpg")]
    [InlineData("blob://photos/./a.jpg")]
    [InlineData("blob://photos/..")]
    [InlineData("blob://photos/a/../")]
    [InlineData("blob://photos/a/..\\b.jpg")]
    [InlineData("blob://photos//a.jpg")]
    [InlineData("blob://photos/a//b.jpg")]
    [InlineData("blob://photos/a//")]
    [InlineData("blob://photos/a\0.jpg")]
    [InlineData("blob://photos/a\u0085.jpg")]
    [InlineData("blob://photos/a\n.jpg")]
    [InlineData("blob://photos/\uFFFD.jpg")]
    public void A_text_that_does_not_name_a_blob_is_refused(string source) =>
        Assert.Equal(ErrorCode.InvalidSource.Name, Assert.Throws<RefusedException>(() => BlobPath.Parse(source.ToSource())).Code.Name);

    [Fact]
    public void Names_are_as_long_as_the_service_allows()
    {
        Assert.Equal(1_024, BlobPath.Parse(("blob://photos/" + new string('a', 1_024)).ToSource()).Name.Length);
        Assert.Throws<RefusedException>(() => BlobPath.Parse(("blob://photos/" + new string('a', 1_025)).ToSource()));
        Assert.True(BlobPath.IsContainer(new string('a', 63)));
        Assert.False(BlobPath.IsContainer(new string('a', 64)));
    }
}
