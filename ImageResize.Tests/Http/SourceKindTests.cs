using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using ImageResize.Core.Sources.Web.Network;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Web;
using Microsoft.Extensions.DependencyInjection;
using NetVips;

namespace ImageResize.Tests.Http;

/// <summary>Measuring and thumbnails of every kind of source, by /v1 and by the original endpoints.</summary>
public sealed class SourceKindTests(Azurite azurite) : IAsyncLifetime
{
    private readonly StubServer _server = new();
    private readonly string _photos = Azurite.UniquePrefix();
    private readonly string _output = Azurite.UniquePrefix();
    private readonly byte[] _image = TestImages.Jpeg(400, 300);
    private RunningApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server.Answer("/cat.jpg?key=secret", [.. Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {_image.Length}\r\n\r\n"), .. _image]);
        _server.Answer("/login", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>");
        _app = await StartAsync();
        _app.Images.Write("cat.jpg", _image);
        var container = await _app.Services.GetRequiredService<BlobServiceClient>()
            .CreateBlobContainerAsync(_photos, cancellationToken: Token);
        await container.Value.GetBlobClient("2026/cat.jpg").UploadAsync(BinaryData.FromBytes(_image), Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("blob")]
    [InlineData("upload")]
    [InlineData("web")]
    public async Task A_source_of_any_kind_is_measured_and_made_into_a_thumbnail(string kind)
    {
        var source = await SourceAsync(kind);

        var job = await RunAsync(_app, source);

        Assert.True(job.GetProperty("state").GetString() == "succeeded", job.GetRawText());
        Assert.Equal((400, 300),
            (job.GetProperty("size").GetProperty("width").GetInt32(), job.GetProperty("size").GetProperty("height").GetInt32()));
        Assert.Equal((100, 75), await ServedAsync(_app, job));
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("blob")]
    [InlineData("upload")]
    [InlineData("web")]
    public async Task The_original_endpoints_accept_every_kind_of_source(string kind)
    {
        var source = Uri.EscapeDataString(await SourceAsync(kind));

        var measured = await _app.SubmitAsync(HttpMethod.Get, $"/imageapi?imagePath={source}");
        var resized = await _app.SubmitAsync(HttpMethod.Post, $"/imageapi?imagePath={source}");

        Assert.Equal(
            """{"Height":300,"Result":"Get the size of target image successfully.","Width":400}""", await _app.ResultAsync(measured));
        Assert.EndsWith("\"Resize\":true}", await _app.ResultAsync(resized), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_output_container_thumbnails_of_uploads_and_web_images_are_in_the_folder()
    {
        var job = await RunAsync(_app, await SourceAsync("web"));

        var place = job.GetProperty("thumbnails")[0].GetProperty("source").GetString();

        Assert.StartsWith(
            $"/ImageResize/images/resized/{RunningApp.CallerFolder}/web/pictures.example/cat-", place, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", job.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_an_output_container_a_thumbnail_is_served_by_an_expiring_link()
    {
        await using var app = await StartAsync(
            $"--ImageResize:Thumbnails:OutputContainer={_output}",
            "--ImageResize:Thumbnails:LinkSeconds=60");
        var job = await RunAsync(app, await SourceAsync("web"));
        var made = job.GetProperty("thumbnails")[0];

        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = app.Client.BaseAddress };
        using var redirect = await client.GetAsync(made.GetProperty("href").GetString(), Token);
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        using var ofOwnPage = await client.GetAsync(made.GetProperty("href").GetString(), Token);

        Assert.StartsWith(
            $"blob://{_output}/{RunningApp.CallerFolder}/web/pictures.example/",
            made.GetProperty("source").GetString(),
            StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.TemporaryRedirect, redirect.StatusCode);
        Assert.Equal(HttpStatusCode.OK, ofOwnPage.StatusCode);
        Assert.Contains("se=", redirect.Headers.Location!.Query, StringComparison.Ordinal);
        Assert.Equal((100, 75), await ServedAsync(app, job));
    }

    [Fact]
    public async Task A_web_page_instead_of_an_image_is_refused()
    {
        var job = await RunAsync(_app, "http://pictures.example/login");

        Assert.Equal("source_not_public", job.GetProperty("error").GetProperty("code").GetString());
        Assert.Contains(
            "not a public image", job.GetProperty("error").GetProperty("message").GetString(), StringComparison.OrdinalIgnoreCase);
    }

    private Task<RunningApp> StartAsync(params string[] settings)
    {
        var resolver = new TestResolver();
        resolver.Add("pictures.example", _server.Place);

        return RunningApp.StartAsync(
            azurite.ConnectionString,
            services => services.AddSingleton<IResolver>(resolver).AddSingleton<IAddressPolicy>(new AnyAddress()),
            [$"--ImageResize:Blobs:AllowedContainers={_photos}", .. settings]);
    }

    private async Task<string> SourceAsync(string kind) => kind switch
    {
        "folder" => "/ImageResize/images/cat.jpg",
        "blob" => $"blob://{_photos}/2026/cat.jpg",
        "web" => "http://pictures.example/cat.jpg?key=secret",
        _ => await UploadAsync(),
    };

    private async Task<string> UploadAsync()
    {
        using var content = new ByteArrayContent(_image);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using var response = await _app.Client.PostAsync("/v1/images", content, Token);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);

        return (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("source").GetString()!;
    }

    private static async Task<JsonElement> RunAsync(RunningApp app, string source)
    {
        var request =
            new { source, actions = new object[] { new { measure = new { } }, new { thumbnail = new { width = 100, height = 100 } } } };
        using var response = await app.Client.PostAsJsonAsync("/v1/jobs", request, Token);
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync(Token));

        return await app.EndedAsync(response.Headers.Location!.OriginalString);
    }

    private static async Task<(int Width, int Height)> ServedAsync(RunningApp app, JsonElement job)
    {
        var bytes = await app.Client.GetByteArrayAsync(job.GetProperty("thumbnails")[0].GetProperty("href").GetString(), Token);
        using var image = Image.NewFromBuffer(bytes);

        return (image.Width, image.Height);
    }
}
