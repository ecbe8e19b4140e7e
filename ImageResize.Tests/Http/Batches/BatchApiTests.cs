using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Messages;
using ImageResize.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Http.Batches;

/// <summary>/v1/batches on real storage and real images.</summary>
public sealed class BatchApiTests(Azurite azurite) : IAsyncLifetime
{
    private const string Thumbnail = """[ { "thumbnail": { "width": 40, "height": 40 } } ]""";

    private readonly string _photos = Azurite.UniquePrefix();
    private RunningApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private BlobServiceClient Blobs => _app.Services.GetRequiredService<BlobServiceClient>();

    public async ValueTask InitializeAsync()
    {
        _app = await RunningApp.StartAsync(azurite, $"--ImageResize:Blobs:AllowedContainers={_photos}");
        _app.Images.Write("a.jpg", TestImages.Jpeg(80, 60));
        _app.Images.Write("b.png", TestImages.Png(80, 60));
        _app.Images.Write("sub/c.jpg", TestImages.Jpeg(80, 60));
        _app.Images.Write("sub/d.jpg", TestImages.Jpeg(80, 60));
        await Blobs.CreateBlobContainerAsync(_photos, cancellationToken: Token);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_batch_is_accepted_with_links()
    {
        using var response = await PostAsync(
            $$"""{ "name": "spring", "items": [ { "source": "a.jpg" }, { "source": "b.png" } ], "actions": {{Thumbnail}} }""");
        var batch = await JsonAsync(response);
        var address = $"/v1/batches/{batch.GetProperty("id").GetString()}";

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(address, response.Headers.Location!.OriginalString);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal(("spring", "queued", 2), (Text(batch, "name"), Text(batch, "state"), batch.GetProperty("total").GetInt32()));
        Assert.Equal($"{address}/jobs", batch.GetProperty("links").GetProperty("jobs").GetString());
    }

    [Fact]
    public async Task A_batch_of_mixed_items_ends_with_counts_that_add_up()
    {
        var batch = await RunAsync($$"""
            { "items": [
                { "source": "a.jpg", "actions": [ { "measure": {} } ] },
                { "source": "missing.jpg" },
                { "source": "/ImageResize/images/sub/" },
                { "source": "b.png" } ],
              "actions": {{Thumbnail}} }
            """);

        Assert.Equal(("completed", 5), (Text(batch, "state"), batch.GetProperty("total").GetInt32()));
        Assert.Equal("""{"queued":0,"succeeded":4,"failed":1,"canceled":0}""", batch.GetProperty("counts").GetRawText());
        Assert.Equal(100, batch.GetProperty("percent").GetDouble());

        var jobs = (await GetAsync(batch, "jobs")).GetProperty("value").EnumerateArray().ToList();
        Assert.Equal(["a.jpg", "missing.jpg", "sub/c.jpg", "sub/d.jpg", "b.png"], jobs.Select(
            job => Text(job, "source").Replace("/ImageResize/images/", "", StringComparison.Ordinal)));
        Assert.Equal(["missing.jpg"], (await GetAsync(batch, "jobs", "?state=failed"))
            .GetProperty("value").EnumerateArray().Select(job => Text(job, "source").Split('/')[^1]));
    }

    [Fact]
    public async Task A_batch_of_one_is_a_batch_and_a_job()
    {
        var batch = await RunAsync($$"""{ "items": [ { "source": "a.jpg" } ], "actions": {{Thumbnail}} }""");
        var id = Text(batch, "id");

        Assert.Equal("completed", Text(batch, "state"));
        Assert.Equal("succeeded", Text(await _app.Client.GetFromJsonAsync<JsonElement>($"/v1/jobs/{id}", Token), "state"));
    }

    [Fact]
    public async Task Lines_of_json_are_a_batch()
    {
        var lines = string.Join('\n', Enumerable.Repeat($$"""{ "source": "a.jpg", "actions": {{Thumbnail}} }""", 30)) + "\n\n";
        using var response = await PostAsync(lines, "application/x-ndjson", "/v1/batches?name=lines");

        var batch = await EndAsync(response);

        Assert.Equal(("lines", 30), (Text(batch, "name"), batch.GetProperty("counts").GetProperty("succeeded").GetInt32()));
    }

    [Fact]
    public async Task More_lines_than_one_request_stores_are_listed_by_the_queue()
    {
        var lines = string.Join('\n', Enumerable.Range(0, 2_300).Select(_ => """{"source":"a.jpg","actions":[{"measure":{}}]}"""));
        using var response = await PostAsync(lines, "application/x-ndjson");

        var batch = await EndAsync(response);

        Assert.Equal("""{"queued":0,"succeeded":2300,"failed":0,"canceled":0}""", batch.GetProperty("counts").GetRawText());
        var page = await GetAsync(batch, "jobs", "?from=2200");
        Assert.Equal(100, page.GetProperty("value").GetArrayLength());
        Assert.False(page.TryGetProperty("nextLink", out _));
        Assert.EndsWith("/jobs?from=100", Text(await GetAsync(batch, "jobs"), "nextLink"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_in_a_blob_is_read_by_the_queue_and_its_wrong_lines_fail_alone()
    {
        var manifest = string.Join(
            '\n', ["""{"source":"a.jpg"}""", "no json", "", """{"source":"../x"}""", """{"source":"sub/"}""", """{"source":"b.png"}"""]);
        await Blobs.GetBlobContainerClient(_photos).GetBlobClient("all.ndjson").UploadAsync(BinaryData.FromString(manifest), Token);

        var batch = await RunAsync($$"""{ "manifest": "blob://{{_photos}}/all.ndjson", "actions": {{Thumbnail}} }""");

        Assert.Equal("""{"queued":0,"succeeded":4,"failed":2,"canceled":0}""", batch.GetProperty("counts").GetRawText());
        var failed = (await GetAsync(batch, "jobs", "?state=failed")).GetProperty("value")
            .EnumerateArray().Select(job => job.GetProperty("error"));
        Assert.Equal(
            [("invalid_item", "Line 2: The item is not valid JSON at line 1, byte 2."),
                ("source_not_allowed", "Line 4: The image path is outside /ImageResize/images")],
            failed.Select(error => (Text(error, "code"), Text(error, "message"))));
    }

    [Fact]
    public async Task All_wrong_items_are_named_at_once_and_nothing_is_queued()
    {
        using var response = await PostAsync("""
            { "items": [
                { "source": "a.jpg", "actions": [ { "measure": {} } ] },
                { "source": "a.jpg", "actions": [ { "thumbnail": { "width": 0 } } ] },
                { "source": "../a.jpg", "actions": [ { "measure": {} } ] },
                { "source": "a.jpg" },
                7 ] }
            """);
        var problem = await JsonAsync(response);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_items"), (response.StatusCode, Text(problem, "code")));
        Assert.Equal(
            [(1, "invalid_item"), (2, "source_not_allowed"), (3, "invalid_item"), (4, "invalid_item")],
            problem.GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("item").GetInt32(), Text(item, "code"))));
        Assert.Equal("actions[0].thumbnail: The field Width must be between 1 and 4096.", Text(problem.GetProperty("items")[0], "message"));
    }

    [Theory]
    [InlineData("{}", 400, "invalid_request")]
    [InlineData("null", 400, "invalid_request")]
    [InlineData("{", 400, "invalid_request")]
    [InlineData("""{ "items": [] }""", 400, "invalid_item")]
    [InlineData("""{ "items": [], "manifest": "blob://x/y" }""", 400, "invalid_request")]
    [InlineData("""{ "items": [ { "source": "a.jpg" } ], "actions": [] }""", 400, "invalid_request")]
    [InlineData("""{ "items": [ { "source": "a.jpg" } ], "actions": [ { "preset": "nobody" } ] }""", 400, "unknown_preset")]
    [InlineData("""{ "items": [ { "source": "a.jpg" } ], "surprise": 1 }""", 400, "invalid_request")]
    [InlineData("""{ "manifest": "blob://not-allowed/all.ndjson" }""", 400, "source_not_allowed")]
    [InlineData("""{ "manifest": "a.jpg" }""", 400, "invalid_source")]
    public async Task A_bad_batch_says_what_is_wrong(string body, int status, string code)
    {
        using var response = await PostAsync(body);

        Assert.Equal((status, code), ((int)response.StatusCode, Text(await JsonAsync(response), "code")));
    }

    /// <summary>A callback without its address would otherwise be one that never comes.</summary>
    [Fact]
    public async Task Every_wrong_value_is_named_at_once()
    {
        using var response = await PostAsync($$"""
            { "name": "{{new string('n', 201)}}", "items": [ { "source": "a.jpg" } ], "callback": {},
              "actions": [ { "measure": {} }, { "thumbnail": { "width": 0, "quality": 101 } }, {} ] }
            """);
        var problem = await JsonAsync(response);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (response.StatusCode, Text(problem, "code")));
        Assert.Equal(
            ["actions[1].thumbnail.quality", "actions[1].thumbnail.width", "actions[2].thumbnail", "callback.url", "name"],
            problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Unknown_and_expired_batches_are_told_apart()
    {
        var never = BatchId.New(TimeProvider.System.GetUtcNow());
        var old = BatchId.New(TimeProvider.System.GetUtcNow().AddDays(-30));

        Assert.Equal((404, "batch_not_found"), await ProblemAsync($"/v1/batches/{never}"));
        Assert.Equal((404, "batch_not_found"), await ProblemAsync("/v1/batches/nonsense/jobs"));
        Assert.Equal((404, "batch_not_found"), await ProblemAsync($"/v1/batches/{never}/events"));
        Assert.Equal((404, "batch_not_found"), await ProblemAsync($"/v1/batches/{never}/thumbnails.zip"));
        Assert.Equal((410, "batch_expired"), await ProblemAsync($"/v1/batches/{old}"));
    }

    [Fact]
    public async Task A_folder_batch_of_the_old_endpoint_is_a_batch_like_any_other()
    {
        var (_, body) = await _app.PostAsync("/imageapi?imagePath=sub");
        var id = Text(JsonDocument.Parse(body).RootElement, "batchId");

        var batch = await EndAsync($"/v1/batches/{id}");

        Assert.Equal(2, batch.GetProperty("counts").GetProperty("succeeded").GetInt32());
    }

    [Fact]
    public async Task Thumbnails_of_a_batch_come_in_one_archive()
    {
        var batch = await RunAsync(
            $$"""{ "items": [ { "source": "a.jpg" }, { "source": "sub/" }, { "source": "missing.jpg" } ], "actions": {{Thumbnail}} }""");

        await using var body = await _app.Client.GetStreamAsync(batch.GetProperty("links").GetProperty("thumbnails").GetString(), Token);
        using var copy = new MemoryStream();
        await body.CopyToAsync(copy, Token);
        using var archive = new ZipArchive(copy);

        Assert.Equal(3, archive.Entries.Count);
        Assert.All(archive.Entries, entry => Assert.Matches("^(sub/)?[acd]_40x40-[0-9a-f]{8}\\.jpg$", entry.FullName));
        Assert.All(archive.Entries, entry => Assert.True(entry.Length > 100));
    }

    [Fact]
    public async Task What_is_in_the_archive_stays_where_it_is_unpacked_on_Windows_too()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "NOT RUN: Windows has no files of these names.");
        _app.Images.Write("odd/x\\..\\..\\..\\y.jpg", TestImages.Jpeg(80, 60));
        var batch = await RunAsync($$"""{ "items": [ { "source": "odd/" } ], "actions": {{Thumbnail}} }""");

        await using var body = await _app.Client.GetStreamAsync(batch.GetProperty("links").GetProperty("thumbnails").GetString(), Token);
        using var copy = new MemoryStream();
        await body.CopyToAsync(copy, Token);
        using var archive = new ZipArchive(copy);

        Assert.Matches("^odd/x_\\.\\._\\.\\._\\.\\._y_40x40-[0-9a-f]{8}\\.jpg$", Assert.Single(archive.Entries).FullName);
    }

    [Fact]
    public async Task Progress_is_told_as_it_comes_until_the_end()
    {
        var batch = await SubmitAsync($$"""{ "items": [ { "source": "a.jpg" }, { "source": "sub/" } ], "actions": {{Thumbnail}} }""");

        var events = await _app.Client.GetStringAsync(batch.GetProperty("links").GetProperty("events").GetString(), Token);

        Assert.StartsWith("event: progress\ndata: {", events, StringComparison.Ordinal);
        var end = events.Split("event: end\ndata: ")[1].Trim();
        Assert.Equal("completed", Text(JsonDocument.Parse(end).RootElement, "state"));
    }

    [Fact]
    public async Task A_canceled_batch_does_not_run_on()
    {
        // Under a host that delivers nothing, nothing has run yet.
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");
        app.Images.Write("a.jpg", TestImages.Jpeg(80, 60));
        using var posted = await app.Client.PostAsync(
            "/v1/batches", Json($$"""{ "items": [ { "source": "a.jpg" }, { "source": "a.jpg" } ], "actions": {{Thumbnail}} }"""), Token);
        var id = Text(await JsonAsync(posted), "id");

        using var canceled = await app.Client.DeleteAsync($"/v1/batches/{id}", Token);
        await app.Services.GetRequiredService<MessageDispatcher>().ProcessAsync(
            MessageText.Encode(new SliceMessage(ParseId(id), 0)), 1, Token);

        var batch = await JsonAsync(canceled);
        Assert.Equal("canceled", Text(batch, "state"));
        Assert.Equal("""{"queued":0,"succeeded":0,"failed":0,"canceled":2}""", batch.GetProperty("counts").GetRawText());
        Assert.Equal("canceled", Text(await app.Client.GetFromJsonAsync<JsonElement>($"/v1/jobs/{id}-0", Token), "state"));
        Assert.Equal((404, $$"""{"Result":"Target job with jobId={{id}}-0 was canceled."}"""), await app.GetAsync($"/result?jobId={id}-0"));
        Assert.False(Directory.Exists(app.Images["resized"]));
    }

    [Fact]
    public async Task Failed_jobs_are_retried_as_a_new_batch()
    {
        var batch = await RunAsync($$"""{ "items": [ { "source": "a.jpg" }, { "source": "late.jpg" } ], "actions": {{Thumbnail}} }""");
        _app.Images.Write("late.jpg", TestImages.Jpeg(80, 60));

        using var response = await _app.Client.PostAsync($"/v1/batches/{Text(batch, "id")}/retry", content: null, Token);
        var retried = await EndAsync(response);

        Assert.Equal(Text(batch, "id"), Text(retried, "retryOf"));
        Assert.Equal("""{"queued":0,"succeeded":1,"failed":0,"canceled":0}""", retried.GetProperty("counts").GetRawText());
        using var nothing = await _app.Client.PostAsync($"/v1/batches/{Text(retried, "id")}/retry", content: null, Token);
        Assert.Equal((HttpStatusCode.Conflict, "nothing_failed"), (nothing.StatusCode, Text(await JsonAsync(nothing), "code")));
    }

    private async Task<JsonElement> SubmitAsync(string body)
    {
        using var response = await PostAsync(body);
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync(Token));

        return await JsonAsync(response);
    }

    private async Task<JsonElement> RunAsync(string body)
    {
        using var response = await PostAsync(body);

        return await EndAsync(response);
    }

    private async Task<JsonElement> EndAsync(HttpResponseMessage response)
    {
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync(Token));

        return await EndAsync(response.Headers.Location!.OriginalString);
    }

    private async Task<JsonElement> EndAsync(string address)
    {
        var ended = await Eventually.Async(async () =>
        {
            var batch = await _app.Client.GetFromJsonAsync<JsonElement>(address, Token);

            return Text(batch, "state") == "completed" ? batch.GetRawText() : null;
        });

        return JsonDocument.Parse(ended).RootElement;
    }

    private async Task<JsonElement> GetAsync(JsonElement batch, string link, string query = "") =>
        await _app.Client.GetFromJsonAsync<JsonElement>(batch.GetProperty("links").GetProperty(link).GetString() + query, Token);

    private async Task<(int Status, string Code)> ProblemAsync(string address)
    {
        using var response = await _app.Client.GetAsync(address, Token);

        return ((int)response.StatusCode, Text(await JsonAsync(response), "code"));
    }

    private Task<HttpResponseMessage> PostAsync(string body, string type = "application/json", string address = "/v1/batches") =>
        _app.Client.PostAsync(address, new StringContent(body, Encoding.UTF8, type), Token);

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static BatchId ParseId(string text) => BatchId.TryParse(text, out var id) ? id : throw new FormatException(text);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        await response.Content.ReadFromJsonAsync<JsonElement>(Token);
}
