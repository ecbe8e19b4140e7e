using ImageResize.Tests.Support;

namespace ImageResize.Tests.Hosts;

/// <summary>The whole program on a full disk.</summary>
public sealed class DiskFullTests(Azurite azurite)
{
    [Fact]
    public async Task Abuse_27_a_job_waits_for_room_and_the_program_says_that_it_is_not_ready()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        await using var disk = await SmallDisk.MountAsync(app.Images["resized"]);
        app.Images.Write("cat.jpg", TestImages.Jpeg(400, 300));
        Directory.CreateDirectory(app.Images["resized/.unfinished"]);
        var filler = disk.Fill();

        var job = await app.SubmitAsync(HttpMethod.Post, "/imageapi?imagePath=cat.jpg");
        await Eventually.Async(async () => (await app.GetAsync("/health/ready")).Status == 503 ? "not ready" : null);
        Assert.Equal([filler], Directory.GetFiles(app.Images["resized"], "*", SearchOption.AllDirectories));
        File.Delete(filler);

        Assert.Contains("\"Resize\":true", await app.ResultAsync(job), StringComparison.Ordinal);
        await Eventually.Async(async () => (await app.GetAsync("/health/ready")).Status == 200 ? "ready" : null);
    }
}
