using ImageResize.Core.Identifiers;
using ImageResize.Core.Messages;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Processes;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Hosts;

/// <summary>The program with an images folder on a full disk.</summary>
public sealed class DiskFullTests(Azurite azurite)
{
    [Trait("Abuse", "27")]
    [Fact]
    public async Task A_job_waits_for_room_and_the_program_stays_ready_for_others()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        await using var disk = await SmallDisk.MountAsync(app.Images["resized"]);
        app.Images.Write("cat.jpg", TestImages.Jpeg(400, 300));
        Directory.CreateDirectory(app.Images["resized/.unfinished"]);
        var filler = disk.Fill();

        var job = await app.SubmitAsync(HttpMethod.Post, "/imageapi?imagePath=cat.jpg");
        await Eventually.Async(async () => (await HealthAsync(app)).Contains("\"reason\":\"is full\"", StringComparison.Ordinal));
        Assert.Equal(200, (await app.GetAsync("/health/ready")).Status);

        // The job may be running at this moment.
        await Eventually.Async(() => Directory.GetFiles(app.Images["resized"], "*", SearchOption.AllDirectories).SequenceEqual([filler]));
        File.Delete(filler);

        Assert.Contains("\"Resize\":true", await app.ResultAsync(job), StringComparison.Ordinal);
        await Eventually.Async(async () => (await HealthAsync(app)).Contains("\"folder\":{\"state\":\"works\"", StringComparison.Ordinal));
    }

    private static async Task<string> HealthAsync(RunningApp app)
    {
        using var client = new HttpClient { BaseAddress = app.Client.BaseAddress };
        client.DefaultRequestHeaders.Add(RequestKey.Header, Secrets.AdminKey);

        return await client.GetStringAsync("/health/ready", TestContext.Current.CancellationToken);
    }

    [Trait("Abuse", "27")]
    [Fact]
    public async Task A_folder_that_cannot_be_written_is_retried_and_then_named_as_the_reason()
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");
        app.Images.Write("cat.jpg", TestImages.Jpeg(400, 300));
        app.Images.Write("resized", []);
        var job = await app.SubmitAsync(HttpMethod.Post, "/imageapi?imagePath=cat.jpg");
        Assert.True(BatchId.TryParse(job, out var batch));
        var processor = app.Services.GetRequiredService<MessageDispatcher>();
        var token = TestContext.Current.CancellationToken;

        var message = new SliceMessage(batch, 0) { Caller = "shop" };

        await processor.ProcessAsync(MessageText.Encode(message with { DeferCount = 3 }), dequeueCount: 1, token);
        Assert.Equal(404, (await app.GetAsync($"/result?jobId={job}")).Status);

        await processor.ProcessAsync(MessageText.Encode(message with { DeferCount = 4 }), dequeueCount: 1, token);
        Assert.Equal(
            (200, """{"Message":"The place for thumbnails cannot be written.","Resize":false}"""),
            await app.GetAsync($"/result?jobId={job}"));
    }
}
