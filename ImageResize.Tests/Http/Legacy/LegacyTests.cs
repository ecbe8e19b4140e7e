using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using ImageResize.Tests.Support;
using NetVips;

namespace ImageResize.Tests.Http.Legacy;

/// <summary>The three endpoints answer as the old program did, byte for byte, on real storage and real images.</summary>
public sealed partial class LegacyTests(Azurite azurite) : IAsyncLifetime
{
    private const string Root = "/ImageResize/images";
    private const string NoPath = """{"Result":"Does not specify imagePath parameter. Image request is invalid."}""";

    private RunningApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await RunningApp.StartAsync(azurite);
        _app.Images.Write("CogentLabs.jpg", TestImages.Jpeg(1996, 830));
        _app.Images.Write("Japan/a.jpg", TestImages.Jpeg(400, 300));
        _app.Images.Write("text.jpg", "no image"u8.ToArray());
        _app.Images.Write("a.jpg[shrink=8]", TestImages.Jpeg(80, 60));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // Measuring.

    [Theory]
    [InlineData("GET", "/imageapi")]
    [InlineData("POST", "/imageapi")]
    [InlineData("GET", "/imageapi?imagePath=")]
    [InlineData("POST", "/imageapi?imagepath2=x&customizedSize=3")]
    public async Task A_request_without_imagePath_is_invalid(string method, string address) =>
        Assert.Equal((400, NoPath), await _app.SendAsync(new HttpMethod(method), address));

    [Theory]
    [InlineData(Root + "/CogentLabs.jpg")]
    [InlineData("CogentLabs.jpg")]
    [InlineData(Root + "/missing.jpg")]
    [InlineData(Root + "/Japan")]
    public async Task Measuring_is_queued(string path)
    {
        var (status, body) = await _app.GetAsync($"/imageapi?imagePath={path}");

        Assert.Equal(200, status);
        Assert.Equal($$"""{"Result":"Task: Get the size of image [{{path}}] has been put into queue","jobId":"<id>"}""", WithoutId(body));
    }

    [Theory]
    [InlineData("CogentLabs.jpg", """{"Height":830,"Result":"Get the size of target image successfully.","Width":1996}""")]
    [InlineData("missing.jpg", """{"Height":-1,"Result":"Image file does not exist.","Width":-1}""")]
    [InlineData("Japan", """{"Height":-1,"Result":"The given image path is not a file.","Width":-1}""")]
    [InlineData("Japan/", """{"Height":-1,"Result":"The given image path is not a file.","Width":-1}""")]
    [InlineData("text.jpg", """{"Height":-1,"Result":"The given image path is not a valid image format","Width":-1}""")]
    [InlineData("a.jpg[shrink=8]", """{"Height":60,"Result":"Get the size of target image successfully.","Width":80}""")]
    public async Task A_measured_image_says_its_size_or_why_not(string path, string expected)
    {
        var job = await _app.SubmitAsync(HttpMethod.Get, $"/imageapi?imagePath={Root}/{Uri.EscapeDataString(path)}");

        Assert.Equal(expected, await _app.ResultAsync(job));
    }

    // Thumbnails.

    [Theory]
    [InlineData("CogentLabs.jpg", "", "CogentLabs_resized.jpg", 100, 42)]
    [InlineData("CogentLabs.jpg", "&customizedSize=300", "CogentLabs_resizedTo300.jpg", 300, 125)]
    [InlineData("CogentLabs.jpg", "&customizedSize=4096", "CogentLabs_resizedTo4096.jpg", 1996, 830)]
    [InlineData("CogentLabs.jpg", "&customizedSize=1", "CogentLabs_resizedTo1.jpg", 1, 1)]
    [InlineData("Japan/a.jpg", "", "Japan/a_resized.jpg", 100, 75)]
    [InlineData("a.jpg[shrink=8]", "", "a_resized.jpg[shrink=8]", 80, 60)]
    public async Task A_thumbnail_lies_where_its_result_says(string path, string size, string thumbnail, int width, int height)
    {
        var job = await _app.SubmitAsync(HttpMethod.Post, $"/imageapi?imagePath={Root}/{Uri.EscapeDataString(path)}{size}");

        Assert.Equal($$"""{"Message":"{{Root}}/resized/{{thumbnail}}","Resize":true}""", await _app.ResultAsync(job));
        using var image = Image.NewFromBuffer(await File.ReadAllBytesAsync(_app.Images["resized/" + thumbnail], Token));
        Assert.Equal((width, height), (image.Width, image.Height));
    }

    [Fact]
    public async Task Resizing_a_file_is_queued()
    {
        var (status, body) = await _app.PostAsync($"/imageapi?imagePath={Root}/CogentLabs.jpg");

        Assert.Equal(200, status);
        Assert.Equal($$"""{"Result":"Task: Resize image [{{Root}}/CogentLabs.jpg] has been put into queue","jobId":"<id>"}""", WithoutId(body));
    }

    [Fact]
    public async Task Resizing_what_is_not_there_is_refused() =>
        Assert.Equal(
            (400, """{"Resize":false,"Message":"Image file does not exist"}"""),
            await _app.PostAsync($"/imageapi?imagePath={Root}/missing.jpg"));

    [Fact]
    public async Task Resizing_what_is_no_image_says_why()
    {
        var job = await _app.SubmitAsync(HttpMethod.Post, $"/imageapi?imagePath={Root}/text.jpg");

        Assert.Equal("""{"Message":"The given image path is not a valid image format","Resize":false}""", await _app.ResultAsync(job));
    }

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
    public async Task Abuse_11_A_size_that_is_not_plain_digits_within_the_limit_is_refused(string size)
    {
        var (status, body) = await _app.PostAsync($"/imageapi?imagePath={Root}/CogentLabs.jpg&customizedSize={size}");

        Assert.Equal(400, status);
        Assert.StartsWith("""{"Resize":false,"Message":"customizedSize is """, body, StringComparison.Ordinal);
    }

    /// <summary>That a real file of such a name works is a row of the tests above.</summary>
    [Theory]
    [InlineData("[shrink=8]")]
    [InlineData("[page=9]")]
    [InlineData("[unlimited]")]
    public async Task Abuse_13_options_behind_a_name_are_part_of_the_name(string options)
    {
        var address = $"/imageapi?imagePath={Root}/CogentLabs.jpg{Uri.EscapeDataString(options)}";

        Assert.Equal((400, """{"Resize":false,"Message":"Image file does not exist"}"""), await _app.PostAsync(address));
        Assert.Equal(
            """{"Height":-1,"Result":"Image file does not exist.","Width":-1}""",
            await _app.ResultAsync(await _app.SubmitAsync(HttpMethod.Get, address)));
    }

    /// <summary>Its header is whole, so its size is known.</summary>
    [Fact]
    public async Task Abuse_16_Of_a_cut_image_no_thumbnail_is_left()
    {
        using var noise = TestImages.Noise(400, 300);
        var whole = noise.JpegsaveBuffer();
        _app.Images.Write("cut.jpg", whole[..(whole.Length / 2)]);

        var resized = await _app.ResultAsync(await _app.SubmitAsync(HttpMethod.Post, "/imageapi?imagePath=cut.jpg"));
        var measured = await _app.ResultAsync(await _app.SubmitAsync(HttpMethod.Get, "/imageapi?imagePath=cut.jpg"));

        Assert.Matches("^{\"Message\":\"The image is damaged.*\",\"Resize\":false}$", resized);
        Assert.Equal("""{"Height":300,"Result":"Get the size of target image successfully.","Width":400}""", measured);
        Assert.Empty(FilesOf("resized"));
    }

    // Folders.

    [Theory]
    [InlineData("Japan")]
    [InlineData("Japan/")]
    public async Task A_folder_becomes_a_batch(string folder)
    {
        _app.Images.Write("Japan/b.PNG", TestImages.Png(30, 20));
        _app.Images.Write("Japan/readme.txt", [1]);
        _app.Images.Write("Japan/deeper/c.jpg", TestImages.Jpeg(30, 20));

        var (status, body) = await _app.PostAsync($"/imageapi?imagePath={Root}/{folder}");

        Assert.Equal(200, status);
        Assert.Equal(
            $$"""{"Result":"[2] image resizing tasks have been put into queue. Please directly go to [{{Root}}/resized/] to check the results.","batchId":"<id>"}""",
            WithoutId(body));
        await Eventually.Async(() => File.Exists(_app.Images["resized/Japan/a_resized.jpg"]) && File.Exists(_app.Images["resized/Japan/b_resized.PNG"]));
    }

    [Fact]
    public async Task Abuse_10_The_images_folder_itself_is_a_batch_and_never_takes_its_own_thumbnails()
    {
        _app.Images.Write("resized/old_resized.jpg", TestImages.Jpeg(10, 10));

        var (_, first) = await _app.PostAsync($"/imageapi?imagePath={Root}/");
        await EndAsync(first);
        var files = FilesOf("resized");
        var (_, second) = await _app.PostAsync($"/imageapi?imagePath={Root}");
        var (resized, refusal) = await _app.PostAsync($"/imageapi?imagePath={Root}/resized/");

        await EndAsync(second);
        Assert.Contains("\"[2] image", first, StringComparison.Ordinal);
        Assert.Contains("\"[2] image", second, StringComparison.Ordinal);
        Assert.Equal(["CogentLabs_resized.jpg", "old_resized.jpg"], files);
        Assert.Equal(files, FilesOf("resized"));
        Assert.Equal(400, resized);
        Assert.StartsWith("""{"Resize":false,"Message":""", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Abuse_06_A_folder_without_images_is_a_batch_of_none()
    {
        Directory.CreateDirectory(_app.Images["empty"]);

        var (status, body) = await _app.PostAsync($"/imageapi?imagePath={Root}/empty");

        Assert.Equal(200, status);
        Assert.Contains("\"[0] image", body, StringComparison.Ordinal);
    }

    // Results.

    [Fact]
    public async Task A_result_without_jobId_is_invalid() =>
        Assert.Equal(
            (400, """{"Result":"Does not specify jobId parameter. Image request is invalid."}"""),
            await _app.GetAsync("/result"));

    [Theory]
    [InlineData("0190a1b2-c3d4-7e5f-8123-456789abcdef")]
    [InlineData("4f1c5f0e-3e0f-4b57-9d3b-0a1b2c3d4e5f")]
    [InlineData("nonsense")]
    [InlineData("../x")]
    [InlineData("a%00b%23%3F%5C")]
    [InlineData("%27%20or%201%20eq%201")]
    public async Task An_unknown_job_does_not_exist(string id)
    {
        var (status, body) = await _app.GetAsync($"/result?jobId={id}");

        Assert.Equal(404, status);
        Assert.StartsWith("""{"Result":"An error occured when trying to fetch the job. Error Message: No such job exists: """, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_unknown_job_is_named()
    {
        const string id = "4f1c5f0e-3e0f-4b57-9d3b-0a1b2c3d4e5f";

        Assert.Equal(
            (404, $$"""{"Result":"An error occured when trying to fetch the job. Error Message: No such job exists: {{id}}."}"""),
            await _app.GetAsync($"/result?jobId={id}"));
    }

    [Fact]
    public async Task A_job_of_another_spelling_is_unknown()
    {
        var id = await _app.SubmitAsync(HttpMethod.Get, $"/imageapi?imagePath={Root}/CogentLabs.jpg");

        Assert.Equal(404, (await _app.GetAsync($"/result?jobId={id.ToUpperInvariant()}")).Status);
        Assert.Equal(404, (await _app.GetAsync($"/result?jobId={id}-0")).Status);
    }

    // Around them.

    [Theory]
    [InlineData("../secret.jpg")]
    [InlineData("..%2Fsecret.jpg")]
    [InlineData("%2e%2e/secret.jpg")]
    [InlineData("%252e%252e%252fsecret.jpg")]
    [InlineData("..%5Csecret.jpg")]
    [InlineData("%c0%ae%c0%ae/secret.jpg")]
    [InlineData("..;/secret.jpg")]
    [InlineData("Japan/..")]
    public Task Abuse_01_A_path_out_of_the_folder_is_refused_before_anything_is_queued(string path) => AssertRefusedAsync(path);

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("//etc/passwd")]
    [InlineData("/ImageResize/images-evil/a.jpg")]
    public Task Abuse_02_A_place_outside_is_refused_before_anything_is_queued(string path) => AssertRefusedAsync(path);

    [Theory]
    [InlineData("link.jpg")]
    public Task Abuse_03_A_link_to_outside_is_refused_before_anything_is_queued(string path) => AssertRefusedAsync(path);

    [Theory]
    [InlineData("a%00.jpg")]
    [InlineData("a%0a.jpg")]
    [InlineData("a%1b.jpg")]
    public Task Abuse_04_A_control_character_is_refused_before_anything_is_queued(string path) => AssertRefusedAsync(path);

    [Theory]
    [InlineData("a.jpg&imagePath=b.jpg")]
    public Task Abuse_07_A_parameter_given_twice_is_refused_before_anything_is_queued(string path) => AssertRefusedAsync(path);

    [Fact]
    public async Task Abuse_02_The_root_itself_is_no_image() =>
        Assert.Equal(
            (400, """{"Result":"The given image path is not a file."}"""),
            await _app.GetAsync($"/imageapi?imagePath={Root}/"));

    [Theory]
    [InlineData("HEAD", "/imageapi?imagePath=CogentLabs.jpg")]
    [InlineData("PUT", "/imageapi?imagePath=CogentLabs.jpg")]
    [InlineData("HEAD", "/result?jobId=x")]
    [InlineData("POST", "/ProcessWork")]
    [InlineData("POST", "/FailPoisoned")]
    [InlineData("POST", "/DropExpired")]
    public async Task What_is_not_offered_queues_nothing(string method, string address) =>
        Assert.Contains((await _app.SendAsync(new HttpMethod(method), address)).Status, (int[])[404, 405]);

    [Fact]
    public async Task Answers_are_plain_application_json()
    {
        using var response = await _app.Client.GetAsync($"/imageapi?imagePath={Root}/CogentLabs.jpg", Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string WithoutId(string body) => Id().Replace(body, "<id>");

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")]
    private static partial Regex Id();

    /// <summary>Both jobs of a folder batch.</summary>
    private async Task EndAsync(string submitted)
    {
        var batch = JsonDocument.Parse(submitted).RootElement.GetProperty("batchId").GetString();
        await _app.ResultAsync($"{batch}-0");
        await _app.ResultAsync($"{batch}-1");
    }

    private string[] FilesOf(string folder) => !Directory.Exists(_app.Images[folder])
        ? []
        : [.. Directory.GetFiles(_app.Images[folder], "*", SearchOption.AllDirectories).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private async Task AssertRefusedAsync(string path)
    {
        using var outside = new TemporaryFolder();
        File.CreateSymbolicLink(_app.Images["link.jpg"], outside.Write("secret.jpg", TestImages.Jpeg(9, 9)));

        var (measured, measuredWhy) = await _app.GetAsync($"/imageapi?imagePath={path}");
        var (resized, resizedWhy) = await _app.PostAsync($"/imageapi?imagePath={path}");

        Assert.Equal((400, 400), (measured, resized));
        Assert.StartsWith("""{"Result":""", measuredWhy, StringComparison.Ordinal);
        Assert.StartsWith("""{"Resize":false,"Message":""", resizedWhy, StringComparison.Ordinal);
        Assert.DoesNotContain(outside.Path, measuredWhy + resizedWhy, StringComparison.Ordinal);
    }
}
