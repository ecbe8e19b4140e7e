using System.Text;
using ImageResize.Core.Sources;

namespace ImageResize.Tests.Sources;

public sealed class ThumbnailNameTests
{
    [Theory]
    [InlineData("a.jpg", "_resized", "a_resized.jpg")]
    [InlineData("a.b.JPEG", "_resizedTo300", "a.b_resizedTo300.JPEG")]
    [InlineData("no extension", "_resized", "no extension_resized")]
    [InlineData("a.jpg[shrink=8]", "_resized", "a_resized.jpg[shrink=8]")]
    [InlineData("ends in a dot.", "_resized", "ends in a dot._resized")]
    public void A_thumbnail_is_named_after_its_source(string source, string suffix, string expected) =>
        Assert.Equal(expected, new ThumbnailName(suffix, ".png", IsConverted: false).For(source));

    [Trait("Abuse", "9")]
    [Fact]
    public void A_converted_thumbnail_has_the_new_extension_and_a_different_name_for_every_old_one()
    {
        var name = new ThumbnailName("_120x80-3f9c01ab3f9c01ab3f9c01ab3f9c01ab", ".webp", IsConverted: true);
        string[] sources = ["a.jpg", "a.JPG", "a.png", "a.webp", "a", "a.jpg.webp", "a.png.webp"];

        var names = sources.Select(name.For).ToList();

        Assert.All(names, thumbnail => Assert.Matches("^a(\\.jpg|\\.png)?_120x80-[0-9a-f]{32}\\.webp$", thumbnail));
        Assert.Equal("a_120x80-3f9c01ab3f9c01ab3f9c01ab3f9c01ab.webp", names[3]);
        Assert.Equal(names.Count, names.Distinct().Count());
    }

    [Trait("Abuse", "9")]
    [Fact]
    public void Long_names_are_shortened_and_stay_different()
    {
        var name = new ThumbnailName("_resized", ".jpg", IsConverted: false);
        string[] sources = [new string('é', 125) + "1.jpg", new string('é', 125) + "2.jpg", "a." + new string('b', 253)];

        var names = sources.Select(name.For).ToList();

        Assert.All(names, thumbnail => Assert.InRange(Encoding.UTF8.GetByteCount(thumbnail), 200, 255));
        Assert.Equal(3, names.Distinct().Count());
    }
}
