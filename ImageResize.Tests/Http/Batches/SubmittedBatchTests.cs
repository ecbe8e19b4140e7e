using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Messages;
using ImageResize.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Http.Batches;

/// <summary>Batches after their submission: progress, results, cancellation and retry.</summary>
public sealed class SubmittedBatchTests(Azurite azurite) : BatchApi(azurite)
{
    private readonly Azurite _azurite = azurite;

    [Fact]
    public async Task A_batch_of_mixed_items_completes_with_correct_counts()
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
    public async Task Files_of_folders_that_are_not_images_are_counted_by_reason()
    {
        App.Images.Write("sub/.DS_Store", [1]);
        App.Images.Write("sub/photo", TestImages.Jpeg(80, 60));
        App.Images.Write("sub/readme.txt", [1]);
        await Blobs.GetBlobContainerClient(Photos).GetBlobClient("a.heic").UploadAsync(BinaryData.FromString("1"), Token);
        await Blobs.GetBlobContainerClient(Photos).GetBlobClient("b.heic").UploadAsync(BinaryData.FromString("1"), Token);

        var batch = await RunAsync(
            $$"""{ "items": [ { "source": "sub/" }, { "source": "blob://{{Photos}}/" } ], "actions": {{Thumbnail}} }""");

        Assert.Equal("""{"queued":0,"succeeded":3,"failed":0,"canceled":0}""", batch.GetProperty("counts").GetRawText());
        Assert.Equal(
            """[{"reason":"hidden","count":1,"examples":["/ImageResize/images/sub/.DS_Store"]},""" +
            """{"reason":"not_an_image","count":1,"examples":["/ImageResize/images/sub/readme.txt"]},""" +
            $$"""{"reason":"unsupported_format","count":2,"examples":["blob://{{Photos}}/a.heic","blob://{{Photos}}/b.heic"]}]""",
            batch.GetProperty("skipped").GetRawText());
    }

    [Fact]
    public async Task A_batch_of_one_item_is_also_readable_as_a_job()
    {
        var batch = await RunAsync($$"""{ "items": [ { "source": "a.jpg" } ], "actions": {{Thumbnail}} }""");
        var id = Text(batch, "id");

        Assert.Equal("completed", Text(batch, "state"));
        Assert.Equal("succeeded", Text(await App.Client.GetFromJsonAsync<JsonElement>($"/v1/jobs/{id}", Token), "state"));
    }

    [Fact]
    public async Task Unknown_and_expired_batches_get_different_errors()
    {
        var never = BatchId.New(TimeProvider.System.GetUtcNow(), owner: OwnerTag.Of("shop"));
        var old = BatchId.New(TimeProvider.System.GetUtcNow().AddDays(-30), owner: OwnerTag.Of("shop"));

        Assert.Equal((404, "batch_not_found"), await ProblemAsync($"/v1/batches/{never}"));
        Assert.Equal((404, "batch_not_found"), await ProblemAsync("/v1/batches/nonsense/jobs"));
        Assert.Equal((404, "batch_not_found"), await ProblemAsync($"/v1/batches/{never}/events"));
        Assert.Equal((404, "batch_not_found"), await ProblemAsync($"/v1/batches/{never}/thumbnails.zip"));
        Assert.Equal((410, "batch_expired"), await ProblemAsync($"/v1/batches/{old}"));
    }

    [Fact]
    public async Task A_batch_of_the_original_endpoint_can_be_read_as_a_batch()
    {
        App.Images.Write("sub/notes.txt", "notes"u8.ToArray());
        var (_, body) = await App.PostAsync("/imageapi?imagePath=sub");
        var id = Text(JsonDocument.Parse(body).RootElement, "batchId");

        var batch = await EndAsync($"/v1/batches/{id}");

        Assert.Equal(2, batch.GetProperty("counts").GetProperty("succeeded").GetInt32());
        Assert.Equal("not_an_image", Text(batch.GetProperty("skipped")[0], "reason"));
    }

    [Fact]
    public async Task Thumbnails_of_a_batch_can_be_downloaded_as_one_archive()
    {
        var batch = await RunAsync(
            $$"""{ "items": [ { "source": "a.jpg" }, { "source": "sub/" }, { "source": "missing.jpg" } ], "actions": {{Thumbnail}} }""");

        using var archive = await ReadArchiveAsync(batch);
        var thumbnails = archive.Entries.Where(entry => entry.Name != "failures.csv").ToList();
        using var table = new StreamReader(await archive.GetEntry("failures.csv")!.OpenAsync(Token));

        Assert.Equal(3, thumbnails.Count);
        Assert.All(thumbnails, entry => Assert.Matches("^(sub/)?[acd]_40x40-[0-9a-f]{32}\\.jpg$", entry.FullName));
        Assert.All(thumbnails, entry => Assert.True(entry.Length > 100));
        Assert.Matches(
            "^job,name,source,code,message\r\n[0-9a-f-]+,\"\",\"/ImageResize/images/missing.jpg\",source_not_found,\".+\"\r\n$",
            await table.ReadToEndAsync(Token));
    }

    [Fact]
    public async Task Thumbnails_of_uploads_are_in_an_archive_without_the_folder_of_their_caller()
    {
        using var response = await App.Client.PostAsync("/v1/images", new ByteArrayContent(TestImages.Jpeg(80, 60)), Token);
        var upload = Text(await JsonAsync(response), "source");
        var batch = await RunAsync($$"""{ "items": [ { "source": "{{upload}}" } ], "actions": {{Thumbnail}} }""");

        using var archive = await ReadArchiveAsync(batch);

        Assert.Matches("^uploads/[0-9a-f-]{36}_40x40-[0-9a-f]{32}\\.jpg$", Assert.Single(archive.Entries).FullName);
    }

    [Fact]
    public async Task Archive_entries_cannot_leave_the_target_folder_on_Windows()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "NOT RUN: Windows has no files of these names.");
        App.Images.Write("odd/x\\..\\..\\..\\y.jpg", TestImages.Jpeg(80, 60));
        var batch = await RunAsync($$"""{ "items": [ { "source": "odd/" } ], "actions": {{Thumbnail}} }""");

        using var archive = await ReadArchiveAsync(batch);

        Assert.Matches("^odd/x_\\.\\._\\.\\._\\.\\._y_40x40-[0-9a-f]{32}\\.jpg$", Assert.Single(archive.Entries).FullName);
    }

    [Fact]
    public async Task Events_report_progress_until_the_batch_completes()
    {
        var batch = await SubmitAsync($$"""{ "items": [ { "source": "a.jpg" }, { "source": "sub/" } ], "actions": {{Thumbnail}} }""");

        var events = await App.Client.GetStringAsync(batch.GetProperty("links").GetProperty("events").GetString(), Token);

        Assert.StartsWith("event: progress\ndata: {", events, StringComparison.Ordinal);
        var end = events.Split("event: end\ndata: ")[1].Trim();
        Assert.Equal("completed", Text(JsonDocument.Parse(end).RootElement, "state"));
    }

    [Fact]
    public async Task Jobs_of_a_canceled_batch_are_not_processed()
    {
        // An instance without queue listeners, so that no job is processed before the cancellation.
        await using var app = await RunningApp.StartAsync(_azurite, "--ImageResize:Role=Api");
        app.Images.Write("a.jpg", TestImages.Jpeg(80, 60));
        using var posted = await app.Client.PostAsync(
            "/v1/batches", Json($$"""{ "items": [ { "source": "a.jpg" }, { "source": "a.jpg" } ], "actions": {{Thumbnail}} }"""), Token);
        var id = Text(await JsonAsync(posted), "id");

        using var canceled = await app.Client.DeleteAsync($"/v1/batches/{id}", Token);
        await app.Services.GetRequiredService<MessageDispatcher>().ProcessAsync(
            MessageText.Encode(new SliceMessage(ParseId(id), 0) { Caller = "shop" }), 1, Token);

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
        App.Images.Write("late.jpg", TestImages.Jpeg(80, 60));

        using var response = await App.Client.PostAsync($"/v1/batches/{Text(batch, "id")}/retry", content: null, Token);
        var retried = await EndAsync(response);

        Assert.Equal(Text(batch, "id"), Text(retried, "retryOf"));
        Assert.Equal("""{"queued":0,"succeeded":1,"failed":0,"canceled":0}""", retried.GetProperty("counts").GetRawText());
        using var nothing = await App.Client.PostAsync($"/v1/batches/{Text(retried, "id")}/retry", content: null, Token);
        Assert.Equal((HttpStatusCode.Conflict, "nothing_failed"), (nothing.StatusCode, Text(await JsonAsync(nothing), "code")));
    }

    private async Task<ZipArchive> ReadArchiveAsync(JsonElement batch)
    {
        await using var body = await App.Client.GetStreamAsync(batch.GetProperty("links").GetProperty("thumbnails").GetString(), Token);
        var copy = new MemoryStream();
        await body.CopyToAsync(copy, Token);

        return new ZipArchive(copy);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static BatchId ParseId(string text) => BatchId.TryParse(text, out var id) ? id : throw new FormatException(text);
}
