using System.Text;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Jobs;

namespace ImageResize.Tests.Jobs;

public sealed class ThumbnailNameTests
{
    [Theory]
    [InlineData("a.jpg", "_resized", "a_resized.jpg")]
    [InlineData("a.b.JPEG", "_resizedTo300", "a.b_resizedTo300.JPEG")]
    [InlineData("no extension", "_resized", "no extension_resized")]
    [InlineData("a.jpg[shrink=8]", "_resized", "a_resized.jpg[shrink=8]")]
    [InlineData("ends in a dot.", "_resized", "ends in a dot._resized")]
    public void A_thumbnail_is_named_after_its_source(string source, string suffix, string expected) =>
        Assert.Equal(expected, ThumbnailName.Of(source, new WantedThumbnail(new ThumbnailSpec(1, 1), suffix), ImageFormat.Png));

    [Trait("Abuse", "9")]
    [Fact]
    public void A_thumbnail_of_another_format_says_so_and_is_another_for_every_extension()
    {
        var wanted = new WantedThumbnail(new ThumbnailSpec(120, 80) { Format = ImageFormat.WebP }, "_120x80-3f9c01ab");
        string[] sources = ["a.jpg", "a.JPG", "a.png", "a.webp", "a", "a.jpg.webp", "a.png.webp"];

        var names = sources.Select(source => ThumbnailName.Of(source, wanted, ImageFormat.WebP)).ToList();

        Assert.All(names, name => Assert.Matches("^a(\\.jpg|\\.png)?_120x80-[0-9a-f]{8}\\.webp$", name));
        Assert.Equal("a_120x80-3f9c01ab.webp", names[3]);
        Assert.Equal(names.Count, names.Distinct().Count());
    }

    [Trait("Abuse", "9")]
    [Fact]
    public void Long_names_are_shortened_and_stay_apart()
    {
        var wanted = new WantedThumbnail(new ThumbnailSpec(1, 1), "_resized");
        string[] sources = [new string('é', 125) + "1.jpg", new string('é', 125) + "2.jpg", "a." + new string('b', 253)];

        var names = sources.Select(source => ThumbnailName.Of(source, wanted, ImageFormat.Jpeg)).ToList();

        Assert.All(names, name => Assert.InRange(Encoding.UTF8.GetByteCount(name), 200, 255));
        Assert.Equal(3, names.Distinct().Count());
    }
}
