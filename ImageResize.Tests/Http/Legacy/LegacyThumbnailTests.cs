using ImageResize.Tests.Support;
using NetVips;

namespace ImageResize.Tests.Http.Legacy;

public sealed class LegacyThumbnailTests(Azurite azurite) : LegacyApi(azurite)
{
    [Theory]
    [InlineData("CogentLabs.jpg", "", "CogentLabs_resized.jpg", 100, 42)]
    [InlineData("CogentLabs.jpg", "&customizedSize=300", "CogentLabs_resizedTo300.jpg", 300, 125)]
    [InlineData("CogentLabs.jpg", "&customizedSize=4096", "CogentLabs_resizedTo4096.jpg", 1996, 830)]
    [InlineData("CogentLabs.jpg", "&customizedSize=1", "CogentLabs_resizedTo1.jpg", 1, 1)]
    [InlineData("Japan/a.jpg", "", "Japan/a_resized.jpg", 100, 75)]
    [InlineData("a.jpg[shrink=8]", "", "a_resized.jpg[shrink=8]", 80, 60)]
    public async Task A_result_names_the_file_of_its_thumbnail(string path, string size, string thumbnail, int width, int height)
    {
        var job = await App.SubmitAsync(HttpMethod.Post, $"/imageapi?imagePath={Root}/{Uri.EscapeDataString(path)}{size}");

        Assert.Equal($$"""{"Message":"{{Root}}/resized/{{thumbnail}}","Resize":true}""", await App.ResultAsync(job));
        using var image = Image.NewFromBuffer(await File.ReadAllBytesAsync(App.Images["resized/" + thumbnail], Token));
        Assert.Equal((width, height), (image.Width, image.Height));
    }

    [Fact]
    public async Task Resizing_a_file_is_queued()
    {
        var (status, body) = await App.PostAsync($"/imageapi?imagePath={Root}/CogentLabs.jpg");

        Assert.Equal(200, status);
        Assert.Equal(
            $$"""{"Result":"Task: Resize image [{{Root}}/CogentLabs.jpg] has been put into queue","jobId":"<id>"}""",
            WithoutId(body));
    }

    [Fact]
    public async Task Resizing_a_missing_file_is_refused() =>
        Assert.Equal(
            (400, """{"Resize":false,"Message":"Image file does not exist"}"""),
            await App.PostAsync($"/imageapi?imagePath={Root}/missing.jpg"));

    [Fact]
    public async Task Resizing_a_file_that_is_not_an_image_fails_with_a_reason()
    {
        var job = await App.SubmitAsync(HttpMethod.Post, $"/imageapi?imagePath={Root}/text.jpg");

        Assert.Equal("""{"Message":"The given image path is not a valid image format","Resize":false}""", await App.ResultAsync(job));
    }

    [Trait("Abuse", "11")]
    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("4097")]
    [InlineData("1000000000")]
    [InlineData("1e3")]
    [InlineData("abc")]
    [InlineData("NaN")]
    [InlineData("100.5")]
    [InlineData("")]
    [InlineData("%20100")]
    [InlineData("%2B100")]
    [InlineData("0x64")]
    [InlineData("%EF%BC%91%EF%BC%90%EF%BC%90")]
    [InlineData("12345678901234567890")]
    [InlineData("100&customizedSize=200")]
    public async Task A_size_that_is_not_an_integer_within_the_limits_is_refused(string size)
    {
        var (status, body) = await App.PostAsync($"/imageapi?imagePath={Root}/CogentLabs.jpg&customizedSize={size}");

        Assert.Equal(400, status);
        Assert.StartsWith("""{"Resize":false,"Message":"customizedSize """, body, StringComparison.Ordinal);
    }

    /// <summary>A file whose name contains such options is one of the rows above.</summary>
    [Trait("Abuse", "13")]
    [Theory]
    [InlineData("[shrink=8]")]
    [InlineData("[page=9]")]
    [InlineData("[unlimited]")]
    public async Task Loader_options_after_a_name_are_part_of_the_name(string options)
    {
        var address = $"/imageapi?imagePath={Root}/CogentLabs.jpg{Uri.EscapeDataString(options)}";

        Assert.Equal((400, """{"Resize":false,"Message":"Image file does not exist"}"""), await App.PostAsync(address));
        Assert.Equal(
            """{"Height":-1,"Result":"Image file does not exist.","Width":-1}""",
            await App.ResultAsync(await App.SubmitAsync(HttpMethod.Get, address)));
    }

    /// <summary>Its header is complete, so measuring succeeds.</summary>
    [Trait("Abuse", "16")]
    [Fact]
    public async Task A_truncated_image_leaves_no_thumbnail()
    {
        using var noise = TestImages.Noise(400, 300);
        var whole = noise.JpegsaveBuffer();
        App.Images.Write("cut.jpg", whole[..(whole.Length / 2)]);

        var resized = await App.ResultAsync(await App.SubmitAsync(HttpMethod.Post, "/imageapi?imagePath=cut.jpg"));
        var measured = await App.ResultAsync(await App.SubmitAsync(HttpMethod.Get, "/imageapi?imagePath=cut.jpg"));

        Assert.Matches("^{\"Message\":\"The image is damaged.*\",\"Resize\":false}$", resized);
        Assert.Equal("""{"Height":300,"Result":"Get the size of target image successfully.","Width":400}""", measured);
        Assert.Empty(FilesOf("resized"));
    }
}
