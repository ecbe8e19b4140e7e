using System.Net;
using System.Text.Json;
using ImageResize.Core.Batches;
using ImageResize.Core.Batches.Processing;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Jobs;
using ImageResize.Core.Messages;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Thumbnails;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Http;

/// <summary>Deleting removes the data of a job, batch or upload, and nothing else.</summary>
public sealed class DeletionTests(Azurite azurite)
{
    private const string Width20 = """ "actions": [ { "thumbnail": { "width": 20 } } ] """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deleted_job_and_its_thumbnails_are_gone()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        var source = await UploadAsync(app);
        var job = await SubmitAsync(app, "/v1/jobs", $$"""{ "source": "{{source}}", {{Width20}} }""");
        await EndAsync(app, $"/v1/jobs/{job}");
        Assert.Single(CallersFiles(app));

        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(app, $"/v1/jobs/{job}"));

        Assert.Empty(CallersFiles(app));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync($"/v1/jobs/{job}", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync($"/v1/batches/{job}", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(app, $"/v1/jobs/{job}"));
        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(app, $"/v1/batches/{job}?purge=true"));
    }

    [Fact]
    public async Task A_deleted_upload_and_its_thumbnails_are_gone_and_others_stay()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        var (deleted, kept) = (await UploadAsync(app), await UploadAsync(app));
        foreach (var source in (string[])[deleted, kept])
        {
            await EndAsync(app, $"/v1/jobs/{await SubmitAsync(app, "/v1/jobs", $$"""{ "source": "{{source}}", {{Width20}} }""")}");
        }

        var address = "/v1/images/" + deleted["upload://".Length..];
        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(app, address));

        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync(address, Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(app, address));
        Assert.StartsWith(kept["upload://".Length..], Assert.Single(CallersFiles(app)), StringComparison.Ordinal);
        var late = await SubmitAsync(app, "/v1/jobs", $$"""{ "source": "{{deleted}}", {{Width20}} }""");
        Assert.Contains("source_not_found", await EndAsync(app, $"/v1/jobs/{late}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_batch_is_gone_and_thumbnails_of_files_stay()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        app.Images.Write("photo.jpg", TestImages.Jpeg(90, 60));
        var source = await UploadAsync(app);
        var items = $$"""{ "name": "spring", "items": [ { "source": "{{source}}" }, { "source": "photo.jpg" } ], {{Width20}} }""";
        var batch = await SubmitAsync(app, "/v1/batches", items);
        await EndAsync(app, $"/v1/batches/{batch}");

        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(app, $"/v1/batches/{batch}?purge=true"));

        Assert.Empty(CallersFiles(app));
        Assert.Single(Directory.GetFiles(app.Images["resized"], "photo*"));
        string[] addresses = [$"/v1/batches/{batch}", $"/v1/batches/{batch}/jobs", $"/v1/jobs/{batch}-0", $"/v1/jobs/{batch}-1"];
        foreach (var address in addresses)
        {
            Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync(address, Token)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(app, $"/v1/batches/{batch}?purge=true"));
    }

    [Fact]
    public async Task A_job_of_a_batch_can_be_deleted_alone()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        var source = await UploadAsync(app);
        var batch = await SubmitAsync(
            app, "/v1/batches", $$"""{ "items": [ { "source": "{{source}}" }, { "source": "{{source}}" } ], {{Width20}} }""");
        await EndAsync(app, $"/v1/batches/{batch}");

        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(app, $"/v1/jobs/{batch}-0"));

        var jobs = JsonDocument.Parse(await app.Client.GetStringAsync($"/v1/batches/{batch}/jobs", Token)).RootElement.GetProperty("value");
        Assert.Equal($"{batch}-1", Assert.Single(jobs.EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync($"/v1/jobs/{batch}-0", Token)).StatusCode);
        Assert.Contains("completed", await app.Client.GetStringAsync($"/v1/batches/{batch}", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_finishes_a_deleted_job_leaves_neither_result_nor_thumbnail()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        var job = await SubmitAsync(app, "/v1/jobs", $$"""{ "source": "{{await UploadAsync(app)}}", {{Width20}} }""");
        await EndAsync(app, $"/v1/jobs/{job}");
        Assert.True(BatchId.TryParse(job, out var id));
        var slice = (await app.Services.GetRequiredService<IJobStore>().FindSliceAsync(id, 0, Token))!;
        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(app, $"/v1/jobs/{job}"));

        var place = new SourceUri("", $"{SourcesOptions.ResizedPath}/{RunningApp.CallerFolder}/uploads/late.jpg");
        await app.Services.GetRequiredService<ThumbnailStores>().PutAsync(place, TestImages.Jpeg(9, 6), "image/jpeg", Token);
        Assert.Single(CallersFiles(app));
        var made = new MadeThumbnail(place, ImageFormat.Jpeg, 9, 6, 1);
        var late = new JobResult(slice.Jobs[0].Source, DateTimeOffset.UtcNow) { Thumbnails = [made] };
        await app.Services.GetRequiredService<SliceResults>()
            .AddAsync(id, slice, new Dictionary<int, JobResult> { [0] = late }, Token);

        Assert.Empty(CallersFiles(app));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync($"/v1/jobs/{job}", Token)).StatusCode);
    }

    [Fact]
    public async Task A_message_deletes_what_the_request_has_left()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        var batch = await SubmitAsync(
            app, "/v1/batches", $$"""{ "items": [ { "source": "{{await UploadAsync(app)}}" }, { "source": "x.jpg" } ], {{Width20}} }""");
        await EndAsync(app, $"/v1/batches/{batch}");
        Assert.True(BatchId.TryParse(batch, out var id));
        var header = (await app.Services.GetRequiredService<IJobStore>().FindBatchAsync(id, Token))!;

        Assert.False(await app.Services.GetRequiredService<BatchPurge>().PurgeAsync(header, TimeSpan.FromTicks(-1), Token));
        Assert.Single(CallersFiles(app));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync($"/v1/batches/{batch}", Token)).StatusCode);
        await app.Services.GetRequiredService<IMessageHandler<PurgeMessage>>().HandleAsync(new PurgeMessage(id), 1, Token);

        Assert.Empty(CallersFiles(app));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync($"/v1/jobs/{batch}-0", Token)).StatusCode);
    }

    [Theory]
    [InlineData("/v1/jobs/nobody")]
    [InlineData("/v1/jobs/01a00000-0000-8000-8000-000000000000")]
    [InlineData("/v1/images/nobody")]
    [InlineData("/v1/batches/nobody?purge=true")]
    public async Task What_never_existed_cannot_be_deleted(string address)
    {
        await using var app = await RunningApp.StartAsync(azurite);

        Assert.Equal(HttpStatusCode.NotFound, await DeleteAsync(app, address));
    }

    private static string[] CallersFiles(RunningApp app)
    {
        var folder = app.Images[$"resized/{RunningApp.CallerFolder}"];

        return Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetFileName(path)!)]
            : [];
    }

    private static async Task<string> UploadAsync(RunningApp app)
    {
        using var image = new ByteArrayContent(TestImages.Jpeg(90, 60)) { Headers = { ContentType = new("image/jpeg") } };

        return await ReadAsync(await app.Client.PostAsync("/v1/images", image, Token), "source");
    }

    private static async Task<string> SubmitAsync(RunningApp app, string address, string json)
    {
        using var body = new StringContent(json, System.Text.Encoding.UTF8, "application/json");

        return await ReadAsync(await app.Client.PostAsync(address, body, Token), "id");
    }

    private static async Task<string> ReadAsync(HttpResponseMessage response, string name)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(Token);
            Assert.True(response.IsSuccessStatusCode, text);

            return JsonDocument.Parse(text).RootElement.GetProperty(name).GetString()!;
        }
    }

    /// <returns>The job or batch after its end.</returns>
    private static Task<string> EndAsync(RunningApp app, string address) => Eventually.Async(async () =>
    {
        var text = await app.Client.GetStringAsync(address, Token);

        return text.Contains("\"queued\",", StringComparison.Ordinal) || text.Contains("\"running\"", StringComparison.Ordinal)
            ? null
            : text;
    });

    private static async Task<HttpStatusCode> DeleteAsync(RunningApp app, string address)
    {
        using var response = await app.Client.DeleteAsync(address, Token);

        return response.StatusCode;
    }
}
