using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Processes;
using ImageResize.Tests.Support.Storage;

namespace ImageResize.Tests.Sources.Blobs;

[Collection(WatchedMemoryTests.Name)]
public sealed class LargeContainerTests(Azurite azurite)
{
    private const int Blobs = 100_000;

    // A few pages; all of these blobs would take far more.
    private const long MostBytes = 10_000_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_container_is_listed_a_page_at_a_time()
    {
        var rig = await BlobRig.CreateAsync(new ManyBlobs(Blobs).Open(azurite.ConnectionString));

        Assert.Equal(Blobs, await ListAsync(rig));
    }

    [Fact]
    public async Task A_listing_that_continues_does_not_start_from_the_first_blob()
    {
        var blobs = new ManyBlobs(Blobs);
        var rig = await BlobRig.CreateAsync(blobs.Open(azurite.ConnectionString));

        var listed = await rig.ListAsync("**", after: ManyBlobs.NameOf(Blobs - 11));

        Assert.Equal(Enumerable.Range(Blobs - 10, 10).Select(ManyBlobs.NameOf), listed);
        Assert.Equal(11, blobs.Given);
    }

    /// <summary>Takes minutes: each blob that Azurite holds makes the next one slower.</summary>
    [Fact(Explicit = true)]
    public async Task A_container_of_20_000_blobs_in_Azurite_is_listed_a_page_at_a_time()
    {
        await using var own = await PrivateAzurite.StartAsync(Token);
        var rig = await BlobRig.CreateAsync(own.ConnectionString);
        await rig.WriteAsync(Enumerable.Range(0, 20_000).Select(ManyBlobs.NameOf), [1]);

        Assert.Equal(20_000, await ListAsync(rig));
    }

    private static async Task<int> ListAsync(BlobRig rig)
    {
        var listed = 0;
        var memory = new WatchedMemory();
        await foreach (var blob in rig.Source.ListAsync(rig.Place("**"), after: null, Token))
        {
            if (++listed % 2_300 == 0)
            {
                memory.Look();
            }
        }

        memory.AssertWithin(MostBytes);

        return listed;
    }
}
