using ImageResize.Core.Sources;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Storage;

namespace ImageResize.Tests.Storage.Blobs;

public sealed class BlobThumbnailRetentionTests(Azurite azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_old_thumbnails_of_uploads_and_web_images_are_removed()
    {
        var output = Azurite.UniquePrefix();
        var rig = await BlobRig.CreateAsync(azurite.ConnectionString, output);
        string[] names = ["_callers/a1/uploads/1.jpg", "_callers/b2/web/pictures.example/2.jpg", "photos/3.jpg", "web/uploads/4.jpg"];
        foreach (var name in names)
        {
            await rig.Thumbnails.PutAsync(new SourceUri("blob", $"{output}/{name}"), new byte[10], "image/jpeg", Token);
        }

        var now = TimeProvider.System.GetUtcNow();
        int[] removed =
        [
            await rig.Thumbnails.RemoveCallersBeforeAsync(now.AddHours(-1), Token),
            await rig.Thumbnails.RemoveCallersBeforeAsync(now.AddHours(1), Token),
        ];

        Assert.Equal([0, 2], removed);
        var left = await rig.Service.GetBlobContainerClient(output).GetBlobsAsync(cancellationToken: Token).ToListAsync(Token);
        Assert.Equal(["photos/3.jpg", "web/uploads/4.jpg"], left.Select(blob => blob.Name));
    }

    [Fact]
    public async Task A_container_that_does_not_exist_has_nothing_to_remove()
    {
        var rig = await BlobRig.CreateAsync(azurite.ConnectionString, Azurite.UniquePrefix());

        Assert.Equal(0, await rig.Thumbnails.RemoveCallersBeforeAsync(TimeProvider.System.GetUtcNow().AddHours(1), Token));
    }
}
