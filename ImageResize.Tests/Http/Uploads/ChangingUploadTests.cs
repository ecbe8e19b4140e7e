using System.Net;
using Azure.Storage.Blobs;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Sources.Uploads;
using ImageResize.Core.Storage;
using ImageResize.Core.Storage.Blobs;
using ImageResize.Tests.Support;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NetVips;

namespace ImageResize.Tests.Http.Uploads;

/// <summary>Blobs that are replaced while they are read.</summary>
public sealed class ChangingUploadTests(Azurite azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, HttpStatusCode.OK)]
    [InlineData(3, HttpStatusCode.BadRequest)]
    public async Task An_upload_that_is_sent_again_while_it_is_measured_is_measured_again(int times, HttpStatusCode status)
    {
        await using var app = await RunningApp.StartAsync(
            azurite.ConnectionString,
            services => services.AddSingleton<IPendingUploadStore>(provider => new ChangingStore(provider, times)));
        using var reply = await app.Client.PostAsync("/v1/uploads", content: null, Token);
        var address = System.Text.Json.JsonDocument.Parse(await reply.Content.ReadAsStringAsync(Token)).RootElement
            .GetProperty("address").GetString()!;
        await new BlobClient(new Uri(address)).UploadAsync(BinaryData.FromBytes(Tiff()), Token);

        using var upload = await app.Client.GetAsync(reply.Headers.Location, Token);

        Assert.Equal(status, upload.StatusCode);
        Assert.Equal(status != HttpStatusCode.OK, (await upload.Content.ReadAsStringAsync(Token)).Contains("still being sent"));
    }

    [Fact]
    public async Task A_blob_that_is_replaced_or_deleted_while_it_is_read_is_reported_as_changed()
    {
        var container = new BlobServiceClient(azurite.ConnectionString).GetBlobContainerClient(Azurite.UniquePrefix());
        await container.CreateAsync(cancellationToken: Token);
        var blob = container.GetBlobClient("a.tif");
        foreach (var isDeleted in (bool[])[false, true])
        {
            await blob.UploadAsync(BinaryData.FromBytes(Tiff()), overwrite: true, Token);
            await using var stream = await BlobStream.FindAsync(blob, isWhole: false, Token);
            await (isDeleted
                ? blob.DeleteAsync(cancellationToken: Token)
                : (Task)blob.UploadAsync(new BinaryData("b"), overwrite: true, Token));

            await Assert.ThrowsAsync<SourceChangedException>(() => stream!.CopyToAsync(Stream.Null, Token));
        }
    }

    [Fact]
    public async Task A_request_for_a_source_that_changes_meanwhile_can_be_repeated()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        var context = new DefaultHttpContext { RequestServices = app.Services, Response = { Body = new MemoryStream() } };

        foreach (var handler in app.Services.GetServices<IExceptionHandler>())
        {
            await handler.TryHandleAsync(context, new SourceChangedException(), Token);
        }

        Assert.Equal((503, "10"), (context.Response.StatusCode, context.Response.Headers.RetryAfter.ToString()));
    }

    /// <summary>Its directory is at its end.</summary>
    private static byte[] Tiff()
    {
        using var noise = Image.Gaussnoise(400, 300).Cast(Enums.BandFormat.Uchar);

        return noise.TiffsaveBuffer();
    }

    /// <summary>Replaces an upload each time that it has been found.</summary>
    private sealed class ChangingStore(IServiceProvider services, int times) : IPendingUploadStore
    {
        private readonly BlobPendingUploads _store = ActivatorUtilities.CreateInstance<BlobPendingUploads>(services);
        private readonly BlobServiceClient _service = services.GetRequiredService<BlobServiceClient>();
        private readonly string _prefix = services.GetRequiredService<IOptions<StorageOptions>>().Value.TablePrefix;
        private int _left = times;

        public string Origin => _store.Origin;

        public Task<UploadAddress> CreateAddressAsync(
            UploadId id, string? name, TimeSpan lifetime, CancellationToken cancellationToken) =>
            _store.CreateAddressAsync(id, name, lifetime, cancellationToken);

        public async Task<PendingUpload?> FindAsync(UploadId id, CancellationToken cancellationToken)
        {
            var found = await _store.FindAsync(id, cancellationToken);
            if (_left-- > 0)
            {
                await _service.GetBlobContainerClient($"{_prefix}-pending-{id.Day:yyyyMMdd}").GetBlobClient(BlobUploads.NameOf(id))
                    .UploadAsync(BinaryData.FromBytes(Tiff()), overwrite: true, cancellationToken);
            }

            return found;
        }

        public Task<MoveResult> MoveAsync(
            UploadId id, string version, IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken) =>
            _store.MoveAsync(id, version, properties, cancellationToken);

        public Task RemoveAsync(UploadId id, CancellationToken cancellationToken) => _store.RemoveAsync(id, cancellationToken);

        public Task CloseAsync(UploadId id, bool isAddressValid, CancellationToken cancellationToken) =>
            _store.CloseAsync(id, isAddressValid, cancellationToken);

        public Task<IReadOnlyList<DateOnly>> DropDaysBeforeAsync(DateOnly day, CancellationToken cancellationToken) =>
            _store.DropDaysBeforeAsync(day, cancellationToken);
    }
}
