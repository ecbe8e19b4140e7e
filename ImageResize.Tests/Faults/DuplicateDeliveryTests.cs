using System.Security.Cryptography;
using ImageResize.Core.Batches;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Messages;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Folder;
using ImageResize.Core.Storage;
using ImageResize.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Faults;

/// <summary>The queue delivers messages at least once: possibly twice, late, or to two workers at once.</summary>
public sealed class DuplicateDeliveryTests(Azurite azurite)
{
    private const int Images = 1_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Trait("Abuse", "23")]
    [Fact]
    public async Task Messages_delivered_twice_at_once_and_again_late_give_one_result_and_one_file_each()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        var source = Photos.Make(1, 60, 40);
        for (var i = 0; i < Images; i++)
        {
            app.Images.Write($"many/{i:D4}.jpg", source);
        }

        var work = app.Services.GetRequiredService<MessageDispatcher>();
        var batch = System.Text.Json.JsonDocument.Parse(
            (await app.PostAsync("/imageapi?imagePath=many")).Body).RootElement.GetProperty("batchId").GetString();
        Assert.True(BatchId.TryParse(batch, out var id));
        var messages = Enumerable.Range(0, Images / SliceSizes.For(Images))
            .Select(slice => MessageText.Encode(new SliceMessage(id, slice) { Caller = "shop" })).ToList();

        // In addition to the program's own listener, which receives each a third time.
        await Parallel.ForEachAsync(messages.Concat(messages), Token, async (message, token) => await work.ProcessAsync(message, 1, token));
        await Parallel.ForEachAsync(messages, Token, async (message, token) => await work.ProcessAsync(message, 2, token));

        // Of many messages of one caller, some go back to the queue and are delivered again some seconds later.
        var jobs = app.Services.GetRequiredService<IJobStore>();
        var counts = await Eventually.Async(async () =>
        {
            var slices = await jobs.ListSlicesAsync(id, Token).Select(slice => slice.Counts).ToListAsync(Token);

            return slices.Sum(count => count.Succeeded + count.Failed) == Images ? slices : null;
        });
        Assert.Equal((Images, 0), (counts.Sum(count => count.Succeeded), counts.Sum(count => count.Failed)));
        var files = Directory.GetFiles(app.Images["resized/many"]);
        Assert.Equal(Images, files.Length);
        Assert.Single(files.Select(file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))).Distinct());
    }

    [Trait("Abuse", "26")]
    [Trait("Abuse", "50")]
    [Fact]
    public async Task Fifty_readers_beside_fifty_writers_read_whole_images_and_no_other_file_remains()
    {
        using var images = new TemporaryFolder();
        var store = new FolderThumbnails(Options.Create(new SourcesOptions { ImagesRoot = images.Path }));
        var thumbnails = Enumerable.Range(0, 50).Select(seed => Photos.Make(seed, 200, 150)).ToList();
        var whole = thumbnails.Select(Convert.ToHexString).ToHashSet();
        var place = "/ImageResize/images/resized/a.jpg".ToSource();
        await PutAsync(thumbnails[0]);

        var writing = Task.WhenAll(thumbnails.Select(bytes => Task.Run(() => PutAsync(bytes), Token)));
        var reading = Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(
            async () => Convert.ToHexString(await File.ReadAllBytesAsync(images["resized/a.jpg"], Token)),
            Token)));
        await writing;

        Assert.All(await reading, read => Assert.Contains(read, whole));
        Assert.Equal([images["resized/a.jpg"]], Directory.GetFiles(images.Path, "*", SearchOption.AllDirectories));

        Task PutAsync(byte[] bytes) => store.PutAsync(place, bytes, "image/jpeg", Token);
    }
}
