using System.Net;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ImageResize.Core.Quotas;
using ImageResize.Core.Sources.Uploads;
using ImageResize.Core.Storage;
using ImageResize.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Http.Uploads;

/// <summary>Uploads that callers send to storage themselves, with an address that they asked for.</summary>
public sealed class UploadAddressTests(Azurite azurite) : UploadAddressApi(azurite)
{
    [Fact]
    public async Task A_sent_image_is_a_source_and_an_upload_like_any_other()
    {
        var (source, address) = await CreateAsync("""{ "name": "a/b é.jpg", "bytes": 12345 }""");
        var image = TestImages.Jpeg(90, 60);
        Assert.Equal(HttpStatusCode.NotFound, (await FindAsync(source)).StatusCode);
        await SendAsync(address, image);

        var upload = await JsonAsync(await FindAsync(source));
        var job = await SubmitAsync(source);

        Assert.Equal(
            (source, 90, 60, "jpeg", image.Length, "a_b é.jpg"),
            (upload.GetProperty("source").GetString(), upload.GetProperty("width").GetInt32(), upload.GetProperty("height").GetInt32(),
                upload.GetProperty("format").GetString(), upload.GetProperty("bytes").GetInt32(), upload.GetProperty("name").GetString()));
        Assert.Equal("succeeded", job.GetProperty("state").GetString());
        Assert.Equal("a_b é.jpg", job.GetProperty("name").GetString());
        Assert.Contains(source, await App.Client.GetStringAsync("/v1/images", Token), StringComparison.Ordinal);
        Assert.Equal(image.Length, Assert.Single(await StoredAsync()).Length);
        Assert.Empty(await PendingAsync());
        Assert.Equal(image.Length, App.Services.GetRequiredService<DailyBytes>().UsedBy("shop") - ThumbnailBytes(job));
    }

    [Fact]
    public async Task A_job_accepts_an_image_that_was_sent()
    {
        var (source, address) = await CreateAsync();
        await SendAsync(address, TestImages.Png(90, 60));

        Assert.Equal("succeeded", (await SubmitAsync(source)).GetProperty("state").GetString());
        Assert.Single(await StoredAsync());
    }

    [Fact]
    public async Task Many_that_use_an_image_at_once_accept_it_once()
    {
        var (source, address) = await CreateAsync();
        var image = TestImages.Jpeg(90, 60);
        await SendAsync(address, image);

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => FindAsync(source)));

        Assert.All(replies, reply => Assert.Equal(HttpStatusCode.OK, reply.StatusCode));
        Assert.Equal(image.Length, App.Services.GetRequiredService<DailyBytes>().UsedBy("shop"));
    }

    [Fact]
    public async Task The_blob_client_of_the_sdk_sends_blocks_to_the_address()
    {
        var (source, address) = await CreateAsync();
        byte[] image = [.. TestImages.Jpeg(90, 60), .. new byte[5_000_000]];
        using var content = new MemoryStream(image);
        var transfer = new StorageTransferOptions { InitialTransferSize = 1_000_000, MaximumTransferSize = 1_000_000 };
        await new BlobClient(new Uri(address)).UploadAsync(
            content, new BlobUploadOptions { TransferOptions = transfer }, Token);

        Assert.Equal(image.Length, (await JsonAsync(await FindAsync(source))).GetProperty("bytes").GetInt32());
    }

    [Fact]
    public async Task What_is_never_used_is_dropped_after_the_next_day()
    {
        var service = App.Services.GetRequiredService<BlobServiceClient>();
        var prefix = App.Services.GetRequiredService<IOptions<StorageOptions>>().Value.TablePrefix;
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        foreach (var age in (int[])[0, 1, 2])
        {
            await service.CreateBlobContainerAsync($"{prefix}-pending-{today.AddDays(-age):yyyyMMdd}", cancellationToken: Token);
        }

        // The program's own cleanup may drop it first.
        await App.Services.GetRequiredService<IPendingUploadStore>().DropDaysBeforeAsync(today.AddDays(-7), Token);

        var kept = await service.GetBlobContainersAsync(prefix: prefix + "-pending-", cancellationToken: Token)
            .Select(container => container.Name).ToListAsync(Token);
        Assert.Equal([$"{prefix}-pending-{today.AddDays(-1):yyyyMMdd}", $"{prefix}-pending-{today:yyyyMMdd}"], kept);
    }
}
