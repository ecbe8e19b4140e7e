using Azure.Storage.Blobs;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Retention;
using ImageResize.Core.Sources.Thumbnails;
using ImageResize.Core.Sources.Uploads;
using ImageResize.Core.Storage;
using ImageResize.Core.Storage.Blobs;
using ImageResize.Core.Uploads;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Uploads;

public sealed class UploaderTests : IDisposable
{
    private readonly string _prefix = Azurite.UniquePrefix();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 23, 59, 59, TimeSpan.Zero));
    private readonly BlobServiceClient _service;
    private readonly BlobUploads _store;
    private readonly GuardRig _guard = new();
    private readonly UploadSource _source;
    private readonly UploadReader _reader;
    private readonly Uploader _uploader;

    public UploaderTests(Azurite azurite)
    {
        var retention = new RetentionPolicy(Options.Create(new RetentionOptions { RetentionDays = 2 }), _clock);
        _service = StorageAccount.ByConnectionString(azurite.ConnectionString).OpenBlobs();
        _store = new BlobUploads(_service, Options.Create(new StorageOptions { TablePrefix = _prefix }));
        var regions = Options.Create(new RegionOptions());
        _source = new UploadSource(_store, new NoPendingUploads(), regions, Options.Create(new ThumbnailOptions()), retention);
        _reader = new UploadReader(_source, _store, _guard.Thumbnailer);
        _uploader = new Uploader(
            _store,
            _reader,
            _guard.Thumbnailer,
            new IdGenerator(regions, _clock),
            Options.Create(new UploadOptions()),
            Options.Create(new ImagingOptions()));
        Cleanup = new ExpiredDataCleanup([_store], retention, NullLogger<ExpiredDataCleanup>.Instance);
    }

    private ExpiredDataCleanup Cleanup { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _guard.Dispose();

    [Fact]
    public async Task Uploads_are_dropped_with_their_day()
    {
        var first = await AddAsync();
        _clock.Advance(TimeSpan.FromSeconds(2));
        var second = await AddAsync();
        Assert.Equal([$"{_prefix}-uploads-20261123", $"{_prefix}-uploads-20261124"], await ContainersAsync());

        _clock.Advance(TimeSpan.FromDays(2));
        await Cleanup.DropExpiredAsync(Token);
        await Cleanup.DropExpiredAsync(Token);

        Assert.Equal([$"{_prefix}-uploads-20261124"], await ContainersAsync());
        Assert.True(_reader.IsExpired(first.Id));
        var refusal = await Assert.ThrowsAsync<RefusedException>(() => _source.OpenAsync(first.Source, Token));
        Assert.Equal(ErrorCode.SourceNotFound, refusal.Code);
        Assert.Equal(second, await _reader.FindAsync(second.Id, Token));
    }

    [Fact]
    public async Task An_expired_upload_is_not_read_even_if_it_still_exists()
    {
        var upload = await AddAsync();

        _clock.Advance(TimeSpan.FromDays(3));

        Assert.Null(await _reader.FindAsync(upload.Id, Token));
    }

    [Fact]
    public async Task Other_containers_are_not_removed()
    {
        string[] others =
            [$"{_prefix}-uploads-photos", $"{_prefix}-uploads-20000101x", $"{_prefix}2-uploads-20000101", $"{_prefix}-20000101"];
        foreach (var name in others)
        {
            await _service.CreateBlobContainerAsync(name, cancellationToken: Token);
        }

        Assert.Empty(await _store.DropDaysBeforeAsync(new DateOnly(2026, 1, 1), Token));

        Assert.Equal(4, (await ContainersAsync()).Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2_000_000)]
    public async Task An_upload_is_described_without_reading_its_bytes(int added)
    {
        using var content = new MemoryStream([.. TestImages.Jpeg(40, 30, orientation: 6), .. new byte[added]]);
        var upload = await _uploader.AddAsync(content, "ümläut 🐈.jpg", Token);

        var stored = await _store.FindPropertiesAsync(upload.Id, Token);
        using var notAnImage = new MemoryStream(new byte[upload.Bytes]);
        await _store.AddAsync(upload.Id, "image/jpeg", stored!.Properties, notAnImage, Token);

        Assert.Equal((40, 30, 6), (upload.Size.Width, upload.Size.Height, upload.Size.Orientation));
        Assert.Equal("ümläut 🐈.jpg", upload.Name);
        Assert.Equal(upload, await _reader.FindAsync(upload.Id, Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("A format of a later version")]
    public async Task An_upload_of_another_version_is_measured_once(string format)
    {
        var id = new IdGenerator(Options.Create(new RegionOptions()), _clock).NewUpload();
        var properties = new Dictionary<string, string> { ["width"] = "7", ["height"] = "7", ["orientation"] = "1", ["format"] = format };
        using var content = new MemoryStream(TestImages.Jpeg(40, 30));
        await _store.AddAsync(id, "image/jpeg", format.Length == 0 ? new Dictionary<string, string>() : properties, content, Token);

        var upload = await _reader.FindAsync(id, Token);

        Assert.Equal(new Upload(id, new ImageSize(40, 30, 1, ImageFormat.Jpeg), content.Length), upload);
        Assert.Equal("40", (await _store.FindPropertiesAsync(id, Token))?.Properties["width"]);
    }

    [Fact]
    public async Task A_missing_upload_has_no_properties()
    {
        var id = new IdGenerator(Options.Create(new RegionOptions()), _clock).NewUpload();
        Assert.Null(await _store.FindPropertiesAsync(id, Token));

        var upload = await AddAsync();
        await _store.RemoveAsync(upload.Id, Token);
        await _store.SetPropertiesAsync(upload.Id, new Dictionary<string, string>(), Token);

        Assert.Null(await _store.FindPropertiesAsync(upload.Id, Token));
        Assert.Null(await _reader.FindAsync(upload.Id, Token));
    }

    [Fact]
    public async Task An_incomplete_upload_is_not_stored()
    {
        var image = TestImages.Jpeg();
        using var content = new BreakingStream([.. image, .. new byte[9_000_000]]);

        await Assert.ThrowsAsync<IOException>(() => _uploader.AddAsync(content, name: null, Token));

        var container = _service.GetBlobContainerClient(Assert.Single(await ContainersAsync()));
        Assert.Empty(await container.GetBlobsAsync(cancellationToken: Token).ToListAsync(Token));
    }

    [Fact]
    public async Task A_small_upload_that_cannot_be_read_is_never_stored()
    {
        using var content = new MemoryStream(TestImages.Jpeg()[..100]);

        await Assert.ThrowsAsync<RefusedException>(() => _uploader.AddAsync(content, name: null, Token));

        Assert.Empty(await ContainersAsync());
    }

    [Fact]
    public async Task A_large_upload_that_cannot_be_read_is_removed()
    {
        using var content = new MemoryStream([.. TestImages.Jpeg()[..100], .. new byte[2_000_000]]);

        await Assert.ThrowsAsync<RefusedException>(() => _uploader.AddAsync(content, name: null, Token));

        var container = _service.GetBlobContainerClient(Assert.Single(await ContainersAsync()));
        Assert.Empty(await container.GetBlobsAsync(cancellationToken: Token).ToListAsync(Token));
    }

    private async Task<Upload> AddAsync()
    {
        using var content = new MemoryStream(TestImages.Jpeg(40, 30));

        return await _uploader.AddAsync(content, name: null, Token);
    }

    private async Task<List<string>> ContainersAsync() =>
        await _service.GetBlobContainersAsync(prefix: _prefix, cancellationToken: Token)
            .Select(container => container.Name)
            .ToListAsync(Token);

    /// <summary>Returns its bytes and then fails, as a broken connection does.</summary>
    private sealed class BreakingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new IOException("The connection broke.");
    }
}
