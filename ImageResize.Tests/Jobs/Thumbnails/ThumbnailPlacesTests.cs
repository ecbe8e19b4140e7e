using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Jobs.Thumbnails;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Jobs.Thumbnails;

public sealed class ThumbnailPlacesTests
{
    [Theory]
    [InlineData("/ImageResize/images/CogentLabs.jpg", "/ImageResize/images/resized/CogentLabs_resized.jpg")]
    [InlineData("/ImageResize/images/Japan/a.jpg", "/ImageResize/images/resized/Japan/a_resized.jpg")]
    [InlineData("blob://photos/2026/a.jpg", "blob://photos/resized/2026/a_resized.jpg")]
    [InlineData("upload://01a20a50-412c-7498-8497-217a722a4c0e", "/ImageResize/images/resized/web/uploads/01a20a50-412c-7498-8497-217a722a4c0e_resized.jpg")]
    public void A_thumbnail_mirrors_the_place_of_its_source(string source, string place) =>
        Assert.Equal(place, PlaceOf(source));

    [Theory]
    [InlineData("/ImageResize/images/CogentLabs.jpg", "/ImageResize/images/resized/CogentLabs_resized.jpg")]
    [InlineData("blob://photos/2026/a.jpg", "blob://output/photos/2026/a_resized.jpg")]
    [InlineData("upload://01a20a50-412c-7498-8497-217a722a4c0e", "blob://output/web/uploads/01a20a50-412c-7498-8497-217a722a4c0e_resized.jpg")]
    public void An_output_container_takes_all_thumbnails_except_those_of_the_images_folder(string source, string place) =>
        Assert.Equal(place, PlaceOf(source, "output"));

    [Theory]
    [InlineData("/ImageResize/images/Japan/", "", "/ImageResize/images/resized/")]
    [InlineData("blob://photos/2026/**", "", "blob://photos/resized/")]
    [InlineData("blob://photos/", "output", "blob://output/photos/")]
    public void The_thumbnails_of_a_folder_are_found_where_they_are_stored(string folder, string container, string place) =>
        Assert.Equal(place, Places(container).FolderOf(folder));

    [Theory]
    [InlineData("/ImageResize/images/resized/a.jpg", true)]
    [InlineData("/ImageResize/images/resized2/a.jpg", false)]
    [InlineData("blob://photos/resized/a.jpg", true)]
    [InlineData("blob://photos/2026/resized/a.jpg", false)]
    [InlineData("blob://photos/resized", false)]
    [InlineData("blob://output/photos/a.jpg", true)]
    [InlineData("upload://01a20a50-412c-7498-8497-217a722a4c0e", false)]
    [InlineData("https://example.com/resized/a.jpg", false)]
    public void Only_images_in_the_thumbnails_folder_or_container_are_thumbnails(string source, bool isThumbnail) =>
        Assert.Equal(isThumbnail, Places("output").IsThumbnail(source));

    [Fact]
    public void Names_of_thumbnail_blobs_are_within_the_limits_and_distinct()
    {
        string[] sources =
        [
            $"blob://photos/{new string('a', 1_000)}/b.jpg",
            $"blob://photos/{new string('a', 1_001)}/b.jpg",
            $"blob://photos/{string.Concat(Enumerable.Repeat("a/", 253))}b.jpg",
            $"blob://photos/{new string('a', 1_020)}.jpg",
        ];

        var places = sources.SelectMany(source => (string[])[PlaceOf(source), PlaceOf(source, "output")]).ToList();

        Assert.Equal(places.Count, places.Distinct().Count());
        Assert.All(places, place => Assert.True(place.Split('/', 4)[3] is { Length: <= 1_024 } name && name.Count(c => c == '/') < 254, place));
    }

    [Fact]
    public void The_place_of_a_web_images_thumbnail_hides_the_query_and_is_distinct()
    {
        string[] addresses =
        [
            "https://example.com/a/cat.png?key=secret",
            "https://example.com/a/cat.png?key=other",
            "https://example.com/b/cat.png",
            "https://example.com",
            "https://example.com/../../etc/passwd",
        ];

        var places = addresses.Select(address => PlaceOf(address)).ToList();

        Assert.Equal(places.Count, places.Distinct().Count());
        Assert.Matches("^/ImageResize/images/resized/web/example\\.com/cat-[0-9a-f]{16}_resized\\.jpg$", places[0]);
        Assert.All(places, place => Assert.DoesNotContain("secret", place, StringComparison.Ordinal));
        Assert.All(places, place => Assert.DoesNotContain("..", place, StringComparison.Ordinal));
    }

    private static ThumbnailPlaces Places(string container) => new([], Options.Create(new ThumbnailOptions { OutputContainer = container }));

    private static string PlaceOf(string source, string container = "") =>
        Places(container).PlaceOf(source, "_resized", isFormatRequested: false, ImageFormat.Jpeg);
}
