using System.Text;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.InMemory;

namespace ImageResize.Tests.Batches;

public sealed class ImportedItemsTests
{
    private static readonly BatchId Id = BatchId.New(TimeProvider.System.GetUtcNow());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_few_images_stay_in_memory()
    {
        var manifests = new InMemoryManifests();
        var items = new ImportedItems(Id, manifests);

        await AddAsync(items, "a.jpg", "b.jpg");
        await items.CompleteAsync();

        Assert.Equal(["a.jpg", "b.jpg"], items.Jobs.Select(job => job.Source.Unredacted));
        Assert.Equal((false, 0), (items.AreInManifest, manifests.Count));
    }

    [Fact]
    public async Task An_item_that_is_a_folder_moves_all_items_to_a_manifest_in_order()
    {
        var manifests = new InMemoryManifests();
        var items = new ImportedItems(Id, manifests);

        await AddAsync(items, "a.jpg", "folder/", "b.jpg");
        await items.CompleteAsync();

        using var reader = new StreamReader(await manifests.OpenAsync(Id, named: null, offset: 0, Cancellation));
        Assert.Equal("a.jpg\nfolder/\nb.jpg\n", await reader.ReadToEndAsync(Cancellation));
        Assert.True(items.AreInManifest);
        Assert.Empty(items.Jobs);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public async Task An_import_that_fails_leaves_no_manifest_behind(int room)
    {
        var manifests = new InMemoryManifests(room);
        var items = new ImportedItems(Id, manifests);

        await Assert.ThrowsAsync<NotSupportedException>(() => AddAsync(items, "a.jpg", "folder/"));
        Assert.Equal(1, manifests.Count);
        await items.RemoveAsync();

        Assert.Equal(0, manifests.Count);
    }

    private static async Task AddAsync(ImportedItems items, params string[] sources)
    {
        foreach (var source in sources)
        {
            var item = new Item(new Job(source.ToSource(), JobActions.OnlyMeasure), source.EndsWith('/'));
            await items.AddAsync(item, Encoding.UTF8.GetBytes(source), Cancellation);
        }
    }
}
