using ImageResize.Core.Addresses;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Folder;
using ImageResize.Core.Sources.Thumbnails;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Storage;
using ImageResize.Tests.Support.Web;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Addresses;

/// <summary>Leases and retention of thumbnails of addresses, in a folder and in blobs.</summary>
public sealed class VariantLeaseTests(Azurite azurite) : IDisposable
{
    private static readonly VariantKey Key =
        VariantKey.Of(new SourceUri("", "/ImageResize/images/a.jpg"), "1", new ThumbnailSpec(10, 10), new ImagingOptions());

    private readonly TemporaryFolder _root = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private IThumbnailStore[] _kinds = [];
    private ThumbnailStores _stores = null!;
    private string _output = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_instance_has_a_lease_until_it_releases_it(bool isBlob)
    {
        var leases = await OpenAsync(isBlob);

        var taken = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => leases.TryTakeAsync(Key, Token)));
        var holder = Assert.Single(taken, lease => lease is not null)!;
        await holder.DisposeAsync();
        await using var next = await leases.TryTakeAsync(Key, Token);

        Assert.NotNull(next);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lease_is_removed_only_when_its_holder_does_not_renew_it(bool isBlob)
    {
        var leases = await OpenAsync(isBlob);
        var observer = leases.Observe(Key);
        await using (await leases.TryTakeAsync(Key, Token))
        {
            for (var renewal = 1; renewal <= 5; renewal++)
            {
                await observer.RemoveIfAbandonedAsync(Token);
                _clock.Advance(TimeSpan.FromSeconds(2));
                await Eventually.Async(async () => (await ReadLeaseAsync()).EndsWith($" {renewal}", StringComparison.Ordinal) ? "" : null);
            }

            await observer.RemoveIfAbandonedAsync(Token);
            Assert.Null(await leases.TryTakeAsync(Key, Token));
        }

        // The file of a process that has ended.
        await _stores.TryAddAsync(_stores.PlaceForLease(Key.Name), "ended 0"u8.ToArray(), Token);
        await observer.RemoveIfAbandonedAsync(Token);
        Assert.Null(await leases.TryTakeAsync(Key, Token));
        _clock.Advance(TimeSpan.FromSeconds(7));
        await observer.RemoveIfAbandonedAsync(Token);
        await using var next = await leases.TryTakeAsync(Key, Token);

        Assert.NotNull(next);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Thumbnails_of_addresses_have_a_retention_of_their_own(bool isBlob)
    {
        await OpenAsync(isBlob);
        var ofCaller = isBlob ? new SourceUri("blob", $"{_output}/_callers/a1/web/a.jpg")
            : new SourceUri("", "/ImageResize/images/resized/_callers/a1/web/a.jpg");
        var ofAddress = _stores.PlaceForAddress(Key.Source, Key.Name);
        SourceUri[] all = [ofCaller, ofAddress, _stores.PlaceForLease("left")];
        foreach (var place in all)
        {
            await _stores.PutAsync(place, new byte[] { 1 }, "image/jpeg", Token);
        }

        var store = Assert.Single(_kinds, kind => kind.CanHandle(ofCaller));
        var later = DateTimeOffset.UtcNow.AddMinutes(1);

        Assert.Equal(0, await store.RemoveAddressesBeforeAsync(later.AddDays(-1), Token));
        Assert.Equal(1, await store.RemoveCallersBeforeAsync(later, Token));
        Assert.Equal(1, (await _stores.OpenAsync(ofAddress, Token)).Length);
        Assert.Equal(2, await store.RemoveAddressesBeforeAsync(later, Token));
        await Assert.ThrowsAsync<RefusedException>(() => _stores.OpenAsync(ofAddress, Token));
    }

    private async Task<string> ReadLeaseAsync()
    {
        using var reader = new StreamReader(await _stores.OpenAsync(_stores.PlaceForLease(Key.Name), Token));

        return await reader.ReadToEndAsync(Token);
    }

    private async Task<VariantLeases> OpenAsync(bool isBlob)
    {
        _output = isBlob ? Azurite.UniquePrefix() : "";
        var rig = await BlobRig.CreateAsync(azurite.ConnectionString, _output);
        _kinds = [new FolderThumbnails(Options.Create(new SourcesOptions { ImagesRoot = _root.Path })), rig.Thumbnails];
        _stores = new ThumbnailStores(_kinds, Options.Create(new ThumbnailOptions { OutputContainer = _output }));

        return new VariantLeases(_stores, _clock, new TestLog<VariantLeases>());
    }
}
