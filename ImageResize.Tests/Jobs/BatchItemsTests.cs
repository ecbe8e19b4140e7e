using System.Text;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Jobs;

public sealed class BatchItemsTests
{
    private static readonly BatchId Id = BatchId.New(TimeProvider.System.GetUtcNow());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Few_images_are_kept()
    {
        var manifests = new InMemoryManifests();
        var items = new BatchItems(Id, manifests);

        await AddAsync(items, "a.jpg", "b.jpg");
        await items.CompleteAsync();

        Assert.Equal(["a.jpg", "b.jpg"], items.Kept.Select(job => job.Source));
        Assert.Equal((false, 0), (items.AreInManifest, manifests.Count));
    }

    [Fact]
    public async Task A_folder_among_them_moves_all_to_a_manifest_in_their_order()
    {
        var manifests = new InMemoryManifests();
        var items = new BatchItems(Id, manifests);

        await AddAsync(items, "a.jpg", "folder/", "b.jpg");
        await items.CompleteAsync();

        using var reader = new StreamReader(await manifests.OpenAsync(Id, named: null, offset: 0, Cancellation));
        Assert.Equal("a.jpg\nfolder/\nb.jpg\n", await reader.ReadToEndAsync(Cancellation));
        Assert.True(items.AreInManifest);
        Assert.Empty(items.Kept);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public async Task What_fails_on_the_way_leaves_no_manifest_behind(int room)
    {
        var manifests = new InMemoryManifests(room);
        var items = new BatchItems(Id, manifests);

        await Assert.ThrowsAsync<NotSupportedException>(() => AddAsync(items, "a.jpg", "folder/"));
        Assert.Equal(1, manifests.Count);
        await items.RemoveAsync();

        Assert.Equal(0, manifests.Count);
    }

    private static async Task AddAsync(BatchItems items, params string[] sources)
    {
        foreach (var source in sources)
        {
            var item = new Item(new Job(source, JobActions.OnlyMeasure), source.EndsWith('/'));
            await items.AddAsync(item, Encoding.UTF8.GetBytes(source), Cancellation);
        }
    }
}
