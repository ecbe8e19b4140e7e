using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Jobs.Direct;
using ImageResize.Functions.Http.Direct;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NetVips;

namespace ImageResize.Tests.Http.Direct;

/// <summary>POST /v1/thumbnails and /v1/measure: the answer is the thumbnail or the size, and nothing is stored.</summary>
public sealed class DirectTests(Azurite azurite) : IAsyncLifetime
{
    private RunningApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await RunningApp.StartAsync(
            azurite,
            "--ImageResize:Presets:card:Width=60",
            "--ImageResize:Direct:MaxRequests=3",
            "--ImageResize:Direct:MaxRequestsPerCaller=2");
        _app.Images.Write("sub/cat photo.jpg", TestImages.Jpeg(400, 300));
        _app.Images.Write("sub/empty.jpg", []);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("width=100", 100, 75, ImageFormat.Jpeg)]
    [InlineData("width=100&height=100&fit=cover&format=png", 100, 100, ImageFormat.Png)]
    [InlineData("width=100&format=webp&quality=50&metadata=copyright,colourProfile&animated=false", 100, 75, ImageFormat.WebP)]
    [InlineData("preset=card", 60, 45, ImageFormat.Jpeg)]
    public async Task The_thumbnail_of_a_body_is_the_answer(string query, int width, int height, ImageFormat format)
    {
        using var response = await PostImageAsync($"/v1/thumbnails?{query}", TestImages.Jpeg(400, 300));
        var bytes = await response.Content.ReadAsByteArrayAsync(Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var image = Image.NewFromBuffer(bytes);
        Assert.Equal((width, height), (image.Width, image.Height));
        Assert.Equal(format.GetContentType(), response.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith(
            $"inline; filename=image_{width}x{height}{format.GetExtension()}",
            HeaderOf(response, "Content-Disposition"),
            StringComparison.Ordinal);
        Assert.Equal(
            ($"{width}", $"{height}", "400", "300"),
            (HeaderOf(response, "Image-Width"), HeaderOf(response, "Image-Height"), HeaderOf(response, "Source-Width"),
                HeaderOf(response, "Source-Height")));
        Assert.Matches(@"^read;dur=[0-9.]+, make;dur=[0-9.]+$", HeaderOf(response, DirectHeaders.ServerTiming));
        Assert.NotNull(response.Headers.ETag);
        Assert.False(Directory.Exists(_app.Images["resized"]));
    }

    [Theory]
    [InlineData("", """{ "source": "sub/cat photo.jpg", "width": 100, "format": "webp" }""")]
    [InlineData("?width=100", """{ "source": "/ImageResize/images/sub/cat photo.jpg", "format": "webp" }""")]
    public async Task A_source_is_named_by_json(string query, string json)
    {
        using var response = await PostJsonAsync("/v1/thumbnails" + query, json);

        Assert.Equal((HttpStatusCode.OK, "image/webp"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Contains("cat_photo_100x75.webp", HeaderOf(response, "Content-Disposition"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_with_one_file_is_read()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(TestImages.Png(80, 60)), "file", "a.png" } };
        using var response = await _app.Client.PostAsync("/v1/thumbnails?width=40", form, Token);

        Assert.Equal((HttpStatusCode.OK, "image/png"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
    }

    [Theory]
    [InlineData("image/avif,image/webp,*/*", "image/avif")]
    [InlineData("image/webp,image/apng,image/*;q=0.8", "image/webp")]
    [InlineData("image/avif;q=0, image/webp", "image/webp")]
    [InlineData("*/*", "image/jpeg")]
    [InlineData(null, "image/jpeg")]
    public async Task An_automatic_format_follows_the_accept_header(string? accept, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/thumbnails?width=50&format=auto");
        request.Content = new ByteArrayContent(TestImages.Jpeg(100, 100));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await _app.Client.SendAsync(request, Token);

        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("Accept", HeaderOf(response, "Vary"));
    }

    [Theory]
    [InlineData("", 400, "invalid_request", "needs a width")]
    [InlineData("?width=0", 400, "invalid_request", "")]
    [InlineData("?width=4097", 400, "invalid_request", "")]
    [InlineData("?width=many", 400, "invalid_request", "width must be an integer")]
    [InlineData("?width=10&format=gif89", 400, "invalid_request", "must be one of")]
    [InlineData("?width=10&colour=red", 400, "invalid_request", "colour is not known")]
    [InlineData("?width=10&width=20", 400, "invalid_request", "Give it once")]
    [InlineData("?width=10&preset=card", 400, "invalid_request", "Leave out the others")]
    [InlineData("?preset=poster", 400, "unknown_preset", "poster")]
    public async Task Wrong_options_are_refused(string query, int status, string code, string words)
    {
        using var response = await PostImageAsync("/v1/thumbnails" + query, TestImages.Jpeg(10, 10));

        await AssertProblemAsync(response, status, code, words);
    }

    [Theory]
    [InlineData("""{ "width": 10 }""", 400, "invalid_request", "needs a source")]
    [InlineData("""{ "source": "sub/cat photo.jpg" }""", 400, "invalid_request", "needs a width")]
    [InlineData("""{ "source": "missing.jpg", "width": 10 }""", 400, "source_not_found", "")]
    [InlineData("""{ "source": "sub/empty.jpg", "width": 10 }""", 400, "source_empty", "")]
    [InlineData("""{ "source": "../x.jpg", "width": 10 }""", 400, "source_not_allowed", "outside")]
    [InlineData("""{ "source": "sub/", "width": 10 }""", 400, "source_not_a_file", "")]
    [InlineData("""{ "source": "sub/cat photo.jpg", "width": 10, "width": 10 }""", 400, "invalid_request", "twice")]
    [InlineData("""[]""", 400, "invalid_request", "")]
    [InlineData("""{ "source": """, 400, "invalid_request", "not valid JSON")]
    public async Task Wrong_json_is_refused(string json, int status, string code, string words)
    {
        using var response = await PostJsonAsync("/v1/thumbnails", json);

        await AssertProblemAsync(response, status, code, words);
    }

    [Fact]
    public async Task Bodies_that_are_not_images_are_refused()
    {
        using var empty = await PostImageAsync("/v1/thumbnails?width=10", []);
        using var text = await PostImageAsync("/v1/thumbnails?width=10", "no image"u8.ToArray());
        using var cut = await PostImageAsync("/v1/thumbnails?width=10", TestImages.Png(300, 300)[..^500]);

        await AssertProblemAsync(empty, 400, "source_empty", "");
        await AssertProblemAsync(text, 415, "not_an_image", "");
        await AssertProblemAsync(cut, 422, "damaged", "");
    }

    [Fact]
    public async Task A_thumbnail_that_differs_from_the_request_says_so()
    {
        using var response = await PostImageAsync("/v1/thumbnails?width=20&animated=true&format=jpeg", TestImages.Gif(40, 30, frames: 3));

        Assert.Contains("first frame", HeaderOf(response, DirectHeaders.Note), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_that_is_too_long_is_refused_as_too_large()
    {
        using var response = await PostJsonAsync("/v1/measure", $$"""{ "source": "{{new string('a', 70_000)}}" }""");

        await AssertProblemAsync(response, 413, "too_large", "65536");
    }

    [Fact]
    public async Task A_body_or_a_source_is_measured()
    {
        using var body = await PostImageAsync("/v1/measure", TestImages.Png(80, 60));
        using var source = await PostJsonAsync("/v1/measure", """{ "source": "sub/cat photo.jpg" }""");
        using var more = await PostJsonAsync("/v1/measure", """{ "source": "sub/cat photo.jpg", "width": 3 }""");

        Assert.Equal("""{"width":80,"height":60,"orientation":1,"format":"png"}""", await body.Content.ReadAsStringAsync(Token));
        Assert.Equal("""{"width":400,"height":300,"orientation":1,"format":"jpeg"}""", await source.Content.ReadAsStringAsync(Token));
        await AssertProblemAsync(more, 400, "invalid_request", "width");
    }

    [Fact]
    public async Task Too_many_requests_are_refused_at_once_with_the_time_to_try_again()
    {
        var requestLimit = _app.Services.GetRequiredService<DirectRequestLimit>();
        using var first = requestLimit.Enter("shop");
        using (requestLimit.Enter("shop"))
        {
            using var own = await PostImageAsync("/v1/measure", TestImages.Png(8, 6));
            await AssertProblemAsync(own, 429, "too_many_requests", "");
            Assert.Equal(TimeSpan.FromSeconds(1), own.Headers.RetryAfter!.Delta);
        }

        using var second = requestLimit.Enter("printer");
        using (requestLimit.Enter("printer"))
        {
            using var all = await PostImageAsync("/v1/measure", TestImages.Png(8, 6));
            await AssertProblemAsync(all, 503, "busy", "");
            Assert.Equal(TimeSpan.FromSeconds(1), all.Headers.RetryAfter!.Delta);
        }

        using var free = await PostImageAsync("/v1/measure", TestImages.Png(8, 6));
        Assert.Equal(HttpStatusCode.OK, free.StatusCode);
    }

    [Fact]
    public async Task Uploads_of_another_caller_are_not_sources()
    {
        using var upload = await _app.Client.PostAsync("/v1/images", new ByteArrayContent(TestImages.Png(80, 60)), Token);
        var json = $$"""{ "source": "upload://{{upload.Headers.Location!.OriginalString.Split('/')[^1]}}", "width": 40 }""";
        using var own = await PostJsonAsync("/v1/thumbnails", json);
        using var other = await PostJsonAsync("/v1/thumbnails", json, Secrets.PrinterKey);

        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        await AssertProblemAsync(other, 400, "source_not_found", "");
    }

    private static string HeaderOf(HttpResponseMessage response, string name) =>
        string.Join(", ", response.Headers.Concat(response.Content.Headers).Single(header => header.Key == name).Value);

    private static async Task AssertProblemAsync(HttpResponseMessage response, int status, string code, string words)
    {
        var body = await response.Content.ReadAsStringAsync(Token);

        Assert.Equal((status, code), ((int)response.StatusCode, JsonDocument.Parse(body).RootElement.GetProperty("code").GetString()));
        Assert.Contains(words, body, StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> PostImageAsync(string address, byte[] image)
    {
        using var content = new ByteArrayContent(image) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } };

        return await _app.Client.PostAsync(address, content, Token);
    }

    private async Task<HttpResponseMessage> PostJsonAsync(string address, string json, string key = Secrets.ShopKey)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        request.Headers.Add(RequestKey.Header, key);

        return await _app.Client.SendAsync(request, Token);
    }
}
