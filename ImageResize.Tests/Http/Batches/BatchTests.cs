using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Storage;

namespace ImageResize.Tests.Http.Batches;

/// <summary>Storage requests and completeness of folder batches.</summary>
public sealed class BatchTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_folder_of_500_images_takes_at_most_three_queue_requests_for_twenty_images()
    {
        await using var azurite = await PrivateAzurite.StartAsync(Token);
        await using (var app = await RunningApp.StartAsync(azurite.ConnectionString))
        {
            AddImages(app, 500);

            await SubmitAndWaitAsync(app, 500);
        }

        await azurite.StopAsync();

        // Polls of an empty queue depend on the speed of the machine and not on the number of images.
        var looks = Count("GET");
        Assert.InRange(azurite.Requests.Count - looks + Math.Min(looks, Count("DELETE")), 25, 75);

        int Count(string method) => azurite.Requests.Count(line =>
            line.Contains($"\"{method} ", StringComparison.Ordinal) && line.Contains("/messages", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_too_large_for_one_request_is_listed_by_list_messages()
    {
        await using var azurite = await PrivateAzurite.StartAsync(Token);
        await using var app = await RunningApp.StartAsync(azurite.ConnectionString);
        AddImages(app, 2_150);

        await SubmitAndWaitAsync(app, 2_150);
    }

    private static async Task SubmitAndWaitAsync(RunningApp app, int images)
    {
        var (status, body) = await app.PostAsync("/imageapi?imagePath=many");

        Assert.Equal(200, status);
        Assert.Contains($"\"[{images}] image", body, StringComparison.Ordinal);
        await Eventually.Async(() => Directory.Exists(app.Images["resized/many"])
            && Directory.EnumerateFiles(app.Images["resized/many"]).Count() == images);
    }

    private static void AddImages(RunningApp app, int count)
    {
        var image = TestImages.Jpeg(32, 24);
        for (var i = 0; i < count; i++)
        {
            app.Images.Write($"many/{i:D4}.jpg", image);
        }
    }
}
