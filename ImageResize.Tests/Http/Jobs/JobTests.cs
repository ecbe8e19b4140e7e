using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ImageResize.Core.Identifiers;
using ImageResize.Tests.Support;
using NetVips;

namespace ImageResize.Tests.Http.Jobs;

/// <summary>Jobs from submission to result.</summary>
public sealed class JobTests(Azurite azurite) : JobApi(azurite)
{
    [Fact]
    public async Task A_job_is_accepted_with_links_that_are_relative()
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
    public async Task A_job_can_measure_a_source_and_make_several_thumbnails()
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
    public async Task A_thumbnail_that_is_not_what_was_asked_for_has_a_note()
    {
        App.Images.Write("moving.png", TestPng.With(TestImages.Png(), TestPng.Chunk("acTL", [0, 0, 0, 2, 0, 0, 0, 0])));

        var job = await RunAsync("""
            { "source": "moving.png", "actions": [
              { "thumbnail": { "width": 50, "animated": true } },
              { "thumbnail": { "width": 50 } } ] }
            """);

        var thumbnails = job.GetProperty("thumbnails");
        Assert.Equal(
            "The animation of a PNG is not read. The thumbnail is its still image.", thumbnails[0].GetProperty("note").GetString());
        Assert.False(thumbnails[1].TryGetProperty("note", out _));
    }

    [Fact]
    public async Task A_thumbnail_is_served_with_content_type_and_ETag()
    {
        var job =
            await RunAsync("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 40, "height": 40, "format": "png" } } ] }""");
        var made = job.GetProperty("thumbnails")[0];

        using var first = await App.Client.GetAsync(made.GetProperty("href").GetString(), Token);
        var bytes = await first.Content.ReadAsByteArrayAsync(Token);
        using var again = new HttpRequestMessage(HttpMethod.Get, made.GetProperty("href").GetString());
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await App.Client.SendAsync(again, Token);

        Assert.Equal("image/png", first.Content.Headers.ContentType!.ToString());
        Assert.Equal("nosniff", first.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(made.GetProperty("bytes").GetInt64(), bytes.Length);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        using var image = Image.NewFromBuffer(bytes);
        Assert.Equal((40, 30), (image.Width, image.Height));
    }

    [Fact]
    public async Task A_job_whose_source_is_refused_fails_with_the_reason()
    {
        var job = await RunAsync("""{ "source": "missing.jpg", "actions": [ { "thumbnail": { "width": 40, "height": 40 } } ] }""");

        Assert.Equal("failed", job.GetProperty("state").GetString());
        Assert.Equal("source_not_found", job.GetProperty("error").GetProperty("code").GetString());
        Assert.Empty(job.GetProperty("thumbnails").EnumerateArray());
    }

    [Fact]
    public async Task Unknown_and_expired_jobs_get_different_errors()
    {
        var expired = BatchId.New(TimeProvider.System.GetUtcNow().AddDays(-30), owner: OwnerTag.Of("shop"));
        var never = BatchId.New(TimeProvider.System.GetUtcNow(), owner: OwnerTag.Of("shop"));

        Assert.Equal((410, "job_expired"), await ProblemAsync($"/v1/jobs/{expired}"));
        Assert.Equal((404, "job_not_found"), await ProblemAsync($"/v1/jobs/{never}"));
        Assert.Equal((404, "job_not_found"), await ProblemAsync("/v1/jobs/nonsense"));
        Assert.Equal((404, "job_not_found"), await ProblemAsync($"/v1/jobs/{never}/thumbnails/0"));
        Assert.Equal((400, "invalid_request"), await ProblemAsync($"/v1/jobs/{never}?wait=61"));
        Assert.Equal((404, "not_found"), await ProblemAsync("/v1/nothing"));
    }

    [Fact]
    public async Task A_thumbnail_that_was_deleted_or_never_requested_is_not_found()
    {
        var job = await RunAsync("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 40 } } ] }""");
        var href = job.GetProperty("thumbnails")[0].GetProperty("href").GetString()!;
        Directory.Delete(App.Images["resized"], recursive: true);

        Assert.Equal((404, "thumbnail_not_found"), await ProblemAsync(href));
        Assert.Equal((404, "thumbnail_not_found"), await ProblemAsync(href[..^1] + "1"));
    }

    [Fact]
    public async Task Jobs_of_a_folder_batch_can_be_read_by_id()
    {
        var (_, body) = await App.PostAsync("/imageapi?imagePath=/ImageResize/images/");
        App.Images.Write("dog.jpg", TestImages.Jpeg(30, 20));
        var (_, two) = await App.PostAsync("/imageapi?imagePath=/ImageResize/images/");
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

        return await App.EndedAsync(response.Headers.Location!.OriginalString);
    }

    private async Task<JsonElement> GetAsync(string address) => await App.Client.GetFromJsonAsync<JsonElement>(address, Token);
}
