using System.Text.Json;
using ImageResize.Core.Batches;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Http;

/// <summary>A queued job in an instance without queue listeners, as under a Functions host that has not delivered yet.</summary>
public sealed class UnfinishedTests(Azurite azurite)
{
    [Fact]
    public async Task An_unfinished_job_cannot_be_found_yet()
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");
        app.Images.Write("a.jpg", TestImages.Jpeg(40, 30));
        var id = await app.SubmitAsync(HttpMethod.Post, "/imageapi?imagePath=a.jpg");

        Assert.Equal(
            (404, $$"""{"Result":"Target job with jobId={{id}} cannot find. Please check its status and try again later."}"""),
            await app.GetAsync($"/result?jobId={id}"));
    }

    [Fact]
    public async Task An_expired_job_does_not_exist()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        var old = BatchId.New(TimeProvider.System.GetUtcNow().AddDays(-9), owner: OwnerTag.Of("shop"));

        var (status, body) = await app.GetAsync($"/result?jobId={old}");

        Assert.Equal(404, status);
        Assert.Equal(
            $"An error occured when trying to fetch the job. Error Message: No such job exists: {old}.",
            JsonDocument.Parse(body).RootElement.GetProperty("Result").GetString());
        Assert.Equal(JobState.Expired, (await app.Services.GetRequiredService<BatchQueries>()
            .GetJobAsync(new JobId(old), TestContext.Current.CancellationToken)).State);
    }
}
