using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ImageResize.Core.Identifiers;
using ImageResize.Tests.Support;
using NetVips;

namespace ImageResize.Tests.Http.Jobs;

/// <summary>/v1/jobs on real storage and real images.</summary>
public sealed class JobsApiTests(Azurite azurite) : IAsyncLifetime
{
    private const string Cat = """ "source": "cat.jpg", "actions": [ { "measure": {} } ] """;

    private RunningApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await RunningApp.StartAsync(
            azurite, "--ImageResize:Presets:card:Width=60", "--ImageResize:Presets:card:Height=40", "--ImageResize:Presets:card:Fit=cover");
        _app.Images.Write("cat.jpg", TestImages.Jpeg(400, 300));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_job_is_accepted_with_links_that_hold_behind_a_proxy()
    {
        using var response = await PostAsync("""{ "source": "cat.jpg", "actions": [ { "measure": {} } ] }""");
        var job = await JsonAsync(response);
        var id = job.GetProperty("id").GetString();

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal($"/v1/jobs/{id}", response.Headers.Location!.OriginalString);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal("queued", job.GetProperty("state").GetString());
        Assert.Equal($"/v1/jobs/{id}", job.GetProperty("links").GetProperty("self").GetString());
    }

    [Fact]
    public async Task A_job_measures_and_makes_several_thumbnails_of_one_source()
    {
        var job = await RunAsync("""
            { "source": "/ImageResize/images/cat.jpg", "actions": [
              { "measure": {} },
              { "thumbnail": { "width": 120, "height": 80, "fit": "cover", "format": "webp" } },
              { "thumbnail": { "width": 50 } },
              { "preset": "card" } ] }
            """);

        Assert.Equal("succeeded", job.GetProperty("state").GetString());
        Assert.Equal("""{"width":400,"height":300,"orientation":1,"format":"jpeg"}""", job.GetProperty("size").GetRawText());
        Assert.Equal(
            [(120, 80, "webp"), (50, 38, "jpeg"), (60, 40, "jpeg")],
            job.GetProperty("thumbnails").EnumerateArray().Select(made =>
                (made.GetProperty("width").GetInt32(), made.GetProperty("height").GetInt32(), made.GetProperty("format").GetString())));
        Assert.True(job.GetProperty("finishedAt").GetDateTimeOffset() >= job.GetProperty("submittedAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_thumbnail_is_served_with_its_type_and_a_tag()
    {
        var job =
            await RunAsync("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 40, "height": 40, "format": "png" } } ] }""");
        var made = job.GetProperty("thumbnails")[0];

        using var first = await _app.Client.GetAsync(made.GetProperty("href").GetString(), Token);
        var bytes = await first.Content.ReadAsByteArrayAsync(Token);
        using var again = new HttpRequestMessage(HttpMethod.Get, made.GetProperty("href").GetString());
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await _app.Client.SendAsync(again, Token);

        Assert.Equal("image/png", first.Content.Headers.ContentType!.ToString());
        Assert.Equal("nosniff", first.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(made.GetProperty("bytes").GetInt64(), bytes.Length);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        using var image = Image.NewFromBuffer(bytes);
        Assert.Equal((40, 30), (image.Width, image.Height));
    }

    [Fact]
    public async Task A_refused_source_is_a_failed_job_that_says_why()
    {
        var job = await RunAsync("""{ "source": "missing.jpg", "actions": [ { "thumbnail": { "width": 40, "height": 40 } } ] }""");

        Assert.Equal("failed", job.GetProperty("state").GetString());
        Assert.Equal("source_not_found", job.GetProperty("error").GetProperty("code").GetString());
        Assert.Empty(job.GetProperty("thumbnails").EnumerateArray());
    }

    [Theory]
    [InlineData("""{ "actions": [ { "measure": {} } ] }""", "invalid_request")]
    [InlineData("""{ "source": "", "actions": [ { "measure": {} } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg" }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ {} ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ null ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "measure": {}, "preset": "card" } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": {} } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 0 } } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 4097 } } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": "ten" } } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 10, "fit": "cover" } } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 10, "fit": 1 } } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 10, "format": "bmp" } } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 10, "quality": 101 } } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 10, "background": "red" } } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 10, "metadata": ["all"] } } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 10, "colour": "red" } } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "preset": "nobody" } ] }""", "unknown_preset")]
    [InlineData("""{ "source": "../cat.jpg", "actions": [ { "measure": {} } ] }""", "source_not_allowed")]
    [InlineData("""{ "source": "ftp://example.com/cat.jpg", "actions": [ { "measure": {} } ] }""", "invalid_source")]
    [InlineData("""{ "source": "http://127.0.0.1/cat.jpg", "actions": [ { "measure": {} } ] }""", "source_not_allowed")]
    [InlineData("""{ "source": "/ImageResize/images/", "actions": [ { "measure": {} } ] }""", "source_is_folder")]
    [InlineData("no json", "invalid_request")]
    [InlineData("", "invalid_request")]
    [InlineData("null", "invalid_request")]
    public async Task A_bad_request_says_what_is_wrong_and_queues_nothing(string body, string code)
    {
        using var response = await PostAsync(body);
        var problem = await JsonAsync(response);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.DoesNotContain("ImageResize.Functions", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_wrong_value_is_named_at_once()
    {
        using var response = await PostAsync("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 0, "quality": 101 } } ] }""");

        var errors = (await JsonAsync(response)).GetProperty("errors");

        Assert.Equal(
            ["actions[0].thumbnail.quality", "actions[0].thumbnail.width"], errors.EnumerateObject().Select(error => error.Name).Order());
    }

    [Fact]
    public async Task A_body_of_another_kind_is_refused()
    {
        using var content = new StringContent("source=cat.jpg", Encoding.UTF8, "application/x-www-form-urlencoded");
        using var response = await _app.Client.PostAsync("/v1/jobs", content, Token);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        var problem = await JsonAsync(response);
        Assert.Equal("unsupported_media_type", problem.GetProperty("code").GetString());
        Assert.Equal("The body must be JSON. Send it with Content-Type: application/json.", problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("", "The body is missing. Send a job as JSON, with a source and actions.")]
    [InlineData("null", "The body is missing. Send a job as JSON, with a source and actions.")]
    [InlineData("""{ "source": "cat.jpg", """, "The body is not valid JSON at line 1, byte 24.")]
    [InlineData("""{ "source": "cat.jpg", "actoins": [] }""", "The body has an unknown name or a value of the wrong type at $.actoins.")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 9, "format": "jpg" } } ] }""",
        "The body has an invalid value at $.actions[0].thumbnail.format: it must be one of same, jpeg, png, webp, avif.")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 9, "metadata": ["exif"] } } ] }""",
        "The body has an invalid value at $.actions[0].thumbnail.metadata[0]: it must be one of copyright, colourProfile.")]
    public async Task A_body_that_cannot_be_read_is_told_in_our_words(string body, string detail)
    {
        using var response = await PostAsync(body);

        Assert.Equal(
            (HttpStatusCode.BadRequest, detail), (response.StatusCode, (await JsonAsync(response)).GetProperty("detail").GetString()));
    }

    [Theory]
    [InlineData("application/json; charset=utf-8", 202)]
    [InlineData("application/json; charset=\"UTF-8\"", 202)]
    [InlineData("application/json; charset=us-ascii", 202)]
    [InlineData("application/json; charset=shift_jis", 415)]
    [InlineData("application/json; charset=utf-7", 415)]
    [InlineData("application/json; charset=bogus", 415)]
    public async Task JSON_in_letters_that_cannot_be_read_is_refused(string type, int status)
    {
        foreach (var (address, body) in ((string, string)[])[("/v1/jobs", $"{{ {Cat} }}"),
            ("/v1/batches", $$"""{ "items": [ { {{Cat}} } ] }""")])
        {
            using var content = new StringContent(body);
            content.Headers.Remove("Content-Type");
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            using var response = await _app.Client.PostAsync(address, content, Token);

            Assert.Equal((address, status), (address, (int)response.StatusCode));
        }
    }

    /// <summary>A page's picture, a script, a browser: what they would like does not change what went wrong.</summary>
    [Theory]
    [InlineData("text/html")]
    [InlineData("image/*")]
    [InlineData("application/json;q=0")]
    [InlineData("nonsense")]
    public async Task An_error_is_a_problem_whatever_is_accepted(string accepted)
    {
        foreach (var (address, status) in ((string, int)[])
            [($"/v1/jobs/{BatchId.New(TimeProvider.System.GetUtcNow())}/thumbnails/0", 404),
                ("/v1/nothing", 404), ("/v1/jobs/x?wait=61", 400), ("/result/x", 404)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.TryAddWithoutValidation("Accept", accepted);
            using var response = await _app.Client.SendAsync(request, Token);

            Assert.Equal((address, status, "application/problem+json"),
                (address, (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        }
    }

    [Fact]
    public async Task Unknown_and_expired_jobs_are_told_apart()
    {
        var expired = BatchId.New(TimeProvider.System.GetUtcNow().AddDays(-30));
        var never = BatchId.New(TimeProvider.System.GetUtcNow());

        Assert.Equal((410, "job_expired"), await ProblemAsync($"/v1/jobs/{expired}"));
        Assert.Equal((404, "job_not_found"), await ProblemAsync($"/v1/jobs/{never}"));
        Assert.Equal((404, "job_not_found"), await ProblemAsync("/v1/jobs/nonsense"));
        Assert.Equal((404, "job_not_found"), await ProblemAsync($"/v1/jobs/{never}/thumbnails/0"));
        Assert.Equal((400, "invalid_request"), await ProblemAsync($"/v1/jobs/{never}?wait=61"));
        Assert.Equal((404, "not_found"), await ProblemAsync("/v1/nothing"));
    }

    [Fact]
    public async Task A_thumbnail_that_was_taken_away_or_never_asked_for_is_not_found()
    {
        var job = await RunAsync("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 40 } } ] }""");
        var href = job.GetProperty("thumbnails")[0].GetProperty("href").GetString()!;
        Directory.Delete(_app.Images["resized"], recursive: true);

        Assert.Equal((404, "thumbnail_not_found"), await ProblemAsync(href));
        Assert.Equal((404, "thumbnail_not_found"), await ProblemAsync(href[..^1] + "1"));
    }

    [Fact]
    public async Task The_jobs_of_a_folder_batch_are_jobs_like_any_other()
    {
        var (_, body) = await _app.PostAsync("/imageapi?imagePath=/ImageResize/images/");
        _app.Images.Write("dog.jpg", TestImages.Jpeg(30, 20));
        var (_, two) = await _app.PostAsync("/imageapi?imagePath=/ImageResize/images/");
        Assert.NotEqual(body, two);

        var batch = JsonDocument.Parse(two).RootElement.GetProperty("batchId").GetString();
        var job = await GetAsync($"/v1/jobs/{batch}-1?wait=30");

        Assert.Equal("/ImageResize/images/dog.jpg", job.GetProperty("source").GetString());
    }

    private async Task<JsonElement> RunAsync(string body)
    {
        using var response = await PostAsync(body);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, text);

        return await _app.EndedAsync(response.Headers.Location!.OriginalString);
    }

    private async Task<JsonElement> GetAsync(string address) => await _app.Client.GetFromJsonAsync<JsonElement>(address, Token);

    private async Task<(int Status, string Code)> ProblemAsync(string address)
    {
        using var response = await _app.Client.GetAsync(address, Token);

        return ((int)response.StatusCode, (await JsonAsync(response)).GetProperty("code").GetString()!);
    }

    private Task<HttpResponseMessage> PostAsync(string body)
    {
        var content = new StringContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        return _app.Client.PostAsync("/v1/jobs", content, Token);
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        await response.Content.ReadFromJsonAsync<JsonElement>(Token);
}
