using Azure.Storage.Blobs;
using ImageResize.Core;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Memory;
using ImageResize.Core.Retention;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Blobs;
using ImageResize.Core.Sources.Folder;
using ImageResize.Core.Sources.Thumbnails;
using ImageResize.Core.Sources.Uploads;
using ImageResize.Core.Sources.Web;
using ImageResize.Core.Sources.Web.Network;
using ImageResize.Core.Storage;
using ImageResize.Core.Storage.Blobs;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.InMemory;
using ImageResize.Tests.Support.Web;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Sources;

public sealed class ThumbnailPlaceTests : IDisposable
{
    private static readonly ThumbnailName Name = new("_resized", ".jpg", IsConverted: false);

    private readonly List<WebSource> _web = [];

    [Theory]
    [InlineData("/ImageResize/images/CogentLabs.jpg", "/ImageResize/images/resized/CogentLabs_resized.jpg")]
    [InlineData("/ImageResize/images/Japan/a.jpg", "/ImageResize/images/resized/Japan/a_resized.jpg")]
    [InlineData("blob://photos/2026/a.jpg", "blob://photos/resized/2026/a_resized.jpg")]
    [InlineData(
        "upload://01a20a50-412c-7498-8497-217a722a4c0e",
        "/ImageResize/images/resized/_callers/00000000/uploads/01a20a50-412c-7498-8497-217a722a4c0e_resized.jpg")]
    public void A_thumbnail_mirrors_the_place_of_its_source(string source, string place) =>
        Assert.Equal(place, PlaceOf(source));

    [Theory]
    [InlineData("/ImageResize/images/CogentLabs.jpg", "/ImageResize/images/resized/CogentLabs_resized.jpg")]
    [InlineData("blob://photos/2026/a.jpg", "blob://output/photos/2026/a_resized.jpg")]
    [InlineData(
        "upload://01a20a50-412c-7498-8497-217a722a4c0e",
        "blob://output/_callers/00000000/uploads/01a20a50-412c-7498-8497-217a722a4c0e_resized.jpg")]
    public void An_output_container_takes_all_thumbnails_but_those_of_the_folder(string source, string place) =>
        Assert.Equal(place, PlaceOf(source, "output"));

    [Theory]
    [InlineData("/ImageResize/images/Japan/", "", "/ImageResize/images/resized/")]
    [InlineData("blob://photos/2026/**", "", "blob://photos/resized/")]
    [InlineData("blob://photos/", "output", "blob://output/photos/")]
    public void The_thumbnails_of_a_folder_are_in_one_folder(string folder, string container, string place) =>
        Assert.Equal(place.ToSource(), Sources(container).GetFolderSource(folder.ToSource()).PlaceThumbnails(folder.ToSource()));

    [Theory]
    [InlineData("/ImageResize/images/resized/a.jpg", true)]
    [InlineData("/ImageResize/images/resized2/a.jpg", false)]
    [InlineData("blob://photos/resized/a.jpg", true)]
    [InlineData("blob://photos/2026/resized/a.jpg", false)]
    [InlineData("blob://photos/resized", false)]
    [InlineData("blob://output/photos/a.jpg", true)]
    [InlineData("upload://01a20a50-412c-7498-8497-217a722a4c0e", false)]
    [InlineData("https://example.com/resized/a.jpg", false)]
    public void A_source_in_a_place_for_thumbnails_is_a_thumbnail(string source, bool isThumbnail) =>
        Assert.Equal(isThumbnail, Sources("output").GetSource(source.ToSource()).IsThumbnail(source.ToSource()));

    [Fact]
    public void Places_in_containers_are_within_the_limits_of_the_service_and_differ_for_every_source()
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
        Assert.All(
            places,
            place => Assert.True(place.Split('/', 4)[3] is { Length: <= 1_024 } name && name.Count(c => c == '/') < 254, place));
    }

    /// <summary>Storage distinguishes these names, and so do those of their thumbnails.</summary>
    [Trait("Abuse", "9")]
    [Fact]
    public void Places_differ_for_names_that_differ_in_case_Unicode_form_or_trailing_dots()
    {
        string[] names =
        [
            "\u00e9.jpg", "e\u0301.jpg", "\u00c5.jpg", "A\u030a.jpg", "\u212b.jpg", "\ufb01.jpg", "fi.jpg", "a.jpg", "a.jpg.", "a.jpg..",
            "a.jpg ", "A.jpg", "a.JPG", "CON.jpg", "con.jpg", "NUL", "a:b.jpg", "a\u202E.jpg", "a\u200B.jpg",
        ];
        var converted = new ThumbnailName("_120x80-3f9c01ab3f9c01ab3f9c01ab3f9c01ab", ".webp", IsConverted: true);

        var sources = names.SelectMany(name => (string[])[$"/ImageResize/images/{name}", $"blob://photos/{name}"]).ToList();
        var places = sources.SelectMany(source => (string[])[PlaceOf(source, "output"), PlaceOf(source, "output", converted)]).ToList();

        Assert.Equal(2 * sources.Count, places.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void The_place_of_a_web_images_thumbnail_hides_the_query_and_differs_for_every_address()
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
        Assert.Matches("^/ImageResize/images/resized/_callers/00000000/web/example\\.com/cat-[0-9a-f]{32}_resized\\.jpg$", places[0]);
        Assert.All(places, place => Assert.DoesNotContain("secret", place, StringComparison.Ordinal));
        Assert.All(places, place => Assert.DoesNotContain("..", place, StringComparison.Ordinal));
    }

    public void Dispose() => _web.ForEach(source => source.Dispose());

    private string PlaceOf(string source, string container = "", ThumbnailName? name = null) =>
        Sources(container).GetSource(source.ToSource()).PlaceThumbnail(source.ToSource(), name ?? Name).Unredacted;

    private SourceReader Sources(string container)
    {
        var options = Options.Create(new SourcesOptions { ImagesRoot = "/" });
        var thumbnails = Options.Create(new ThumbnailOptions { OutputContainer = container });
        var filter = SourcesServiceCollectionExtensions.NewImageFileFilter();
        var service = new BlobServiceClient("UseDevelopmentStorage=true");
        var web = new WebSource(
            Options.Create(new WebSourceOptions()),
            new AddressPolicy(),
            new TestResolver(),
            thumbnails,
            TimeProvider.System,
            new TestLog<WebSource>());
        _web.Add(web);

        return new SourceReader(
            [
                new FolderSource(options, filter, TimeProvider.System),
                web,
                new BlobSource(new AccountBlobs(service), new AllowedContainers(Options.Create(new BlobOptions()), thumbnails), filter),
                new UploadSource(
                    new BlobUploads(service, Options.Create(new StorageOptions())),
                    new NoPendingUploads(),
                    Options.Create(new RegionOptions()),
                    thumbnails,
                    new RetentionPolicy(Options.Create(new RetentionOptions()), TimeProvider.System)),
            ],
            options,
            new MemoryBudget(1_000_000));
    }
}
