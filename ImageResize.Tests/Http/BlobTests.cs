using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Sources.Blobs;
using ImageResize.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NetVips;

namespace ImageResize.Tests.Http;

/// <summary>The original endpoints with blobs.</summary>
public sealed partial class BlobTests(Azurite azurite) : IAsyncLifetime
{
    private readonly string _photos = Azurite.UniquePrefix();
    private readonly string _output = Azurite.UniquePrefix();
    private RunningApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private BlobServiceClient Service => _app.Services.GetRequiredService<BlobServiceClient>();

    public async ValueTask InitializeAsync()
    {
        _app = await RunningApp.StartAsync(azurite, $"--ImageResize:Blobs:AllowedContainers=some-other, {_photos}");
        await Service.CreateBlobContainerAsync(_photos, cancellationToken: Token);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [MemberData(nameof(TestImages.Formats), MemberType = typeof(TestImages))]
    public async Task A_blob_is_measured(ImageFormat format)
    {
        await WriteAsync("2026/a.bin", TestImages.Of(format, 320, 240));

        var job = await _app.SubmitAsync(HttpMethod.Get, $"/imageapi?imagePath=blob://{_photos}/2026/a.bin");

        Assert.Equal("""{"Height":240,"Result":"Get the size of target image successfully.","Width":320}""", await _app.ResultAsync(job));
    }

    [Fact]
    public async Task The_thumbnail_of_a_blob_is_in_its_container_and_can_be_read()
    {
        await WriteAsync("2026/cat.jpg", TestImages.Jpeg(400, 300));

        var job = await _app.SubmitAsync(HttpMethod.Post, $"/imageapi?imagePath=blob://{_photos}/2026/cat.jpg");
        Assert.Equal($$"""{"Message":"blob://{{_photos}}/resized/2026/cat_resized.jpg","Resize":true}""", await _app.ResultAsync(job));

        Assert.Equal((100, 75, "image/jpeg"), await ReadAsync(_photos, "resized/2026/cat_resized.jpg"));
        var again = await _app.SubmitAsync(HttpMethod.Get, $"/imageapi?imagePath=blob://{_photos}/resized/2026/cat_resized.jpg");
        Assert.Equal("""{"Height":75,"Result":"Get the size of target image successfully.","Width":100}""", await _app.ResultAsync(again));
    }

    [Fact]
    public async Task Thumbnails_in_an_output_container_can_be_read()
    {
        await using var app = await RunningApp.StartAsync(
            azurite,
            $"--ImageResize:Blobs:AllowedContainers={_photos}",
            $"--ImageResize:Thumbnails:OutputContainer={_output}");
        await WriteAsync("2026/cat.jpg", TestImages.Jpeg(400, 300));
        using var upload = await app.Client.PostAsync("/v1/images", new ByteArrayContent(TestImages.Png(400, 300)), Token);
        var id = upload.Headers.Location!.OriginalString.Split('/')[^1];

        var ofBlob = await app.SubmitAsync(HttpMethod.Post, $"/imageapi?imagePath=blob://{_photos}/2026/cat.jpg&customizedSize=60");
        var ofUpload = await app.SubmitAsync(HttpMethod.Post, $"/imageapi?imagePath=upload://{id}");
        Assert.Equal(
            $$"""{"Message":"blob://{{_output}}/{{_photos}}/2026/cat_resizedTo60.jpg","Resize":true}""", await app.ResultAsync(ofBlob));
        Assert.Equal(
            $$"""{"Message":"blob://{{_output}}/{{RunningApp.CallerFolder}}/uploads/{{id}}_resized.png","Resize":true}""",
            await app.ResultAsync(ofUpload));

        Assert.Equal((60, 45, "image/jpeg"), await ReadAsync(_output, $"{_photos}/2026/cat_resizedTo60.jpg"));
        Assert.Equal((100, 75, "image/png"), await ReadAsync(_output, $"{RunningApp.CallerFolder}/uploads/{id}_resized.png"));
        var again = await app.SubmitAsync(HttpMethod.Get, $"/imageapi?imagePath=blob://{_output}/{_photos}/2026/cat_resizedTo60.jpg");
        Assert.Equal("""{"Height":45,"Result":"Get the size of target image successfully.","Width":60}""", await app.ResultAsync(again));
        Assert.Equal(400, (await app.PostAsync($"/imageapi?imagePath=blob://{_output}/{_photos}/2026/cat_resizedTo60.jpg")).Status);
        var thumbnail = $"/imageapi?imagePath=blob://{_output}/{RunningApp.CallerFolder}/uploads/{id}_resized.png";
        Assert.Equal(400, (await app.SendAsync(HttpMethod.Get, thumbnail)).Status);
        Assert.Equal(400, (await app.PostAsync($"/imageapi?imagePath=blob://{_output}/")).Status);
    }

    [Theory]
    [InlineData("", 1, new[] { "a" })]
    [InlineData("/", 1, new[] { "a" })]
    [InlineData("/2026/", 2, new[] { "2026/b", "2026/c" })]
    [InlineData("/2026/**", 3, new[] { "2026/b", "2026/c", "2026/05/d" })]
    [InlineData("/**", 4, new[] { "a", "2026/b", "2026/c", "2026/05/d" })]
    [InlineData("/2027/", 0, new string[0])]
    public async Task A_folder_of_blobs_is_a_batch(string folder, int count, string[] made)
    {
        foreach (var name in (string[])["a.jpg", "2026/b.jpg", "2026/c.jpg", "2026/05/d.jpg", "resized/old_resized.jpg", "notes.txt"])
        {
            await WriteAsync(name, TestImages.Jpeg(40, 30));
        }

        var (status, body) = await _app.PostAsync($"/imageapi?imagePath=blob://{_photos}{folder}&customizedSize=20");

        Assert.Equal(200, status);
        Assert.Equal(
            $$"""{"Result":"[{{count}}] image resizing tasks have been put into queue. Please directly go to """ +
            $$"""[blob://{{_photos}}/resized/] to check the results.","batchId":"<id>"}""",
            Id().Replace(body, "<id>"));
        await Eventually.Async(async () => (await ResizedAsync()).Count == count + 1 ? "all" : null);
        Assert.Equal(made.Select(name => $"resized/{name}_resizedTo20.jpg")
            .Append("resized/old_resized.jpg").Order(StringComparer.Ordinal), await ResizedAsync());
    }

    [Fact]
    public async Task A_large_container_is_listed_by_list_messages()
    {
        var image = TestImages.Jpeg(4, 3);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 2_100),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token },
            async (i, _) => await WriteAsync($"{i:D4}.jpg", image));

        var (status, body) = await _app.PostAsync($"/imageapi?imagePath=blob://{_photos}/");
        var batch = JsonDocument.Parse(body).RootElement.GetProperty("batchId").GetString()!;

        Assert.Equal(200, status);
        Assert.StartsWith(
            """{"Result":"[more than 2000] image resizing tasks have been put into queue. Please""", body, StringComparison.Ordinal);
        Assert.Equal($$"""{"Message":"blob://{{_photos}}/resized/0000_resized.jpg","Resize":true}""", await _app.ResultAsync($"{batch}-0"));
        Assert.Equal(
            $$"""{"Message":"blob://{{_photos}}/resized/2099_resized.jpg","Resize":true}""", await _app.ResultAsync($"{batch}-2099"));
        Assert.Equal(404, (await _app.GetAsync($"/result?jobId={batch}-2100")).Status);
    }

    [Theory]
    [InlineData("blob://another/a.jpg")]
    [InlineData("blob://another/")]
    [InlineData("blob://<photos>/../another/a.jpg")]
    [InlineData("blob://<photos>/..%5C..%5Canother/a.jpg")]
    [InlineData("blob://<photos>/a%00.jpg")]
    [InlineData("blob://$web/a.jpg")]
    [InlineData("blob://x/a.jpg")]
    [InlineData("BLOB://<photos>/a.jpg")]
    public async Task A_blob_that_is_not_allowed_is_refused_before_queueing(string source)
    {
        await WriteAsync("a.jpg", TestImages.Jpeg(40, 30));
        var path = source.Replace("<photos>", _photos, StringComparison.Ordinal);

        Assert.Equal(400, (await _app.GetAsync($"/imageapi?imagePath={path}")).Status);
        Assert.Equal(400, (await _app.PostAsync($"/imageapi?imagePath={path}")).Status);
    }

    [Fact]
    public async Task A_missing_blob_gets_the_messages_of_the_original_program()
    {
        var job = await _app.SubmitAsync(HttpMethod.Get, $"/imageapi?imagePath=blob://{_photos}/missing.jpg");
        var folder = await _app.SubmitAsync(HttpMethod.Get, $"/imageapi?imagePath=blob://{_photos}/2026/");

        Assert.Equal("""{"Height":-1,"Result":"Image file does not exist.","Width":-1}""", await _app.ResultAsync(job));
        Assert.Equal("""{"Height":-1,"Result":"The given image path is not a file.","Width":-1}""", await _app.ResultAsync(folder));
        Assert.Equal(
            (400, """{"Resize":false,"Message":"Image file does not exist"}"""),
            await _app.PostAsync($"/imageapi?imagePath=blob://{_photos}/missing.jpg"));
        Assert.Equal(
            (400, """{"Resize":false,"Message":"The image folder does not exist"}"""),
            await _app.PostAsync("/imageapi?imagePath=blob://some-other/"));
    }

    [Fact]
    public async Task A_long_name_in_deep_folders_has_a_thumbnail()
    {
        var longest = string.Concat(Enumerable.Repeat("folder/", 142)) + new string('n', 26) + ".jpg";
        var deepest = string.Concat(Enumerable.Repeat("d/", 253)) + "n.jpg";
        await WriteAsync(longest, TestImages.Jpeg(40, 30));
        await WriteAsync(deepest, TestImages.Jpeg(40, 30));

        foreach (var name in (string[])[longest, deepest])
        {
            var job = await _app.SubmitAsync(HttpMethod.Post, $"/imageapi?imagePath=blob://{_photos}/{name}");
            Assert.Contains("\"Resize\":true", await _app.ResultAsync(job), StringComparison.Ordinal);
        }

        var resized = await ResizedAsync();
        Assert.Equal(2, resized.Count);
        Assert.All(resized, name => Assert.Matches("^resized/deep/[0-9a-f]{32}/n+_resized.jpg$", name));
    }

    private async Task WriteAsync(string name, byte[] bytes) =>
        await Service.GetBlobContainerClient(_photos).GetBlobClient(name).UploadAsync(BinaryData.FromBytes(bytes), overwrite: true, Token);

    private async Task<(int Width, int Height, string Type)> ReadAsync(string container, string name)
    {
        BlobDownloadResult blob = await Service.GetBlobContainerClient(container).GetBlobClient(name).DownloadContentAsync(Token);
        using var image = Image.NewFromBuffer(blob.Content.ToArray());

        return (image.Width, image.Height, blob.Details.ContentType);
    }

    private Task<List<string>> ResizedAsync() => Service.GetBlobContainerClient(_photos)
        .GetBlobsAsync(new GetBlobsOptions { Prefix = "resized/" }, Token)
        .Select(blob => blob.Name)
        .ToListAsync(Token)
        .AsTask();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")]
    private static partial Regex Id();
}
