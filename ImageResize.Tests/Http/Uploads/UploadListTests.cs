using Azure.Storage.Blobs;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Sources.Uploads;
using ImageResize.Core.Storage;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Http.Uploads;

/// <summary>GET /v1/images.</summary>
public sealed class UploadListTests(Azurite azurite) : UploadApi(azurite)
{
    [Fact]
    public async Task Uploads_are_listed_the_newest_first()
    {
        var sources = new List<string>();
        foreach (var name in (string[])["Beach.jpg", "sea.jpg", "beach 2.jpg"])
        {
            sources.Add(await AddAsync($"?name={Uri.EscapeDataString(name)}"));
        }

        sources.Reverse();

        Assert.Equal(sources, await ListAsync("/v1/images"));
        Assert.Equal([sources[0], sources[2]], await ListAsync("/v1/images?name=BEACH"));
        Assert.Equal(sources[1..], await ListAsync($"/v1/images?after={IdOf(sources[0])}"));

        await App.Client.DeleteAsync($"/v1/images/{IdOf(sources[1])}", Token);

        Assert.Equal([sources[0], sources[2]], await ListAsync("/v1/images"));
    }

    [Fact]
    public async Task A_listed_upload_is_described_as_it_is_by_itself()
    {
        var source = await AddAsync("?name=caf%C3%A9.jpg");

        var page = await JsonAsync(await App.Client.GetAsync("/v1/images", Token));
        var (_, alone) = await App.GetAsync($"/v1/images/{IdOf(source)}");

        Assert.Equal($$"""{"value":[{{alone}}]}""", page.GetRawText());
        Assert.Contains("\"name\":\"café.jpg\"", alone, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_uploads_of_several_days_have_pages_and_those_of_others_are_left_out()
    {
        var store = App.Services.GetRequiredService<IUploadStore>();
        var size = (await store.FindPropertiesAsync(IdOf(await AddAsync("")), Token))!.Properties;
        var now = DateTimeOffset.UtcNow;
        var ids = new List<UploadId>();
        for (var i = 1; i <= 130; i++)
        {
            // Most before midnight.
            var id = UploadId.New(now.AddDays(i > 20 ? -1 : 0).AddSeconds(-i), owner: OwnerTag.Of("shop"));
            ids.Add(id);
            await StoreAsync(store, id, size);
            if (i <= 20)
            {
                await StoreAsync(store, UploadId.New(now.AddSeconds(-i), owner: OwnerTag.Of("printer")), size);
            }
        }

        await StoreAsync(store, UploadId.New(now.AddDays(-1), owner: OwnerTag.Of("shop")), new Dictionary<string, string>());

        var page = await JsonAsync(await App.Client.GetAsync("/v1/images", Token));
        var rest = await ListAsync(page.GetProperty("nextLink").GetString()!);

        Assert.Equal((100, 31), (page.GetProperty("value").GetArrayLength(), rest.Count));
        Assert.Equal(ids[99..].Select(id => $"upload://{id}"), rest);
        using var printer = new HttpClient { BaseAddress = App.Client.BaseAddress };
        printer.DefaultRequestHeaders.Add(RequestKey.Header, Secrets.PrinterKey);
        Assert.DoesNotContain($"{ids[0]}", await printer.GetStringAsync("/v1/images", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_of_an_earlier_version_is_found_and_deleted()
    {
        var source = await AddAsync("");
        var service = App.Services.GetRequiredService<BlobServiceClient>();
        var day = App.Services.GetRequiredService<IOptions<StorageOptions>>().Value.TablePrefix + $"-uploads-{DateTime.UtcNow:yyyyMMdd}";
        var container = service.GetBlobContainerClient(day);
        var earlier = UploadId.New(DateTimeOffset.UtcNow, owner: OwnerTag.Of("shop"));
        await container.UploadBlobAsync(earlier.ToString(), BinaryData.FromBytes(TestImages.Jpeg(40, 30)), Token);

        var (status, body) = await App.GetAsync($"/v1/images/{earlier}");
        await App.Client.DeleteAsync($"/v1/images/{earlier}", Token);

        Assert.Equal(200, status);
        Assert.Contains("\"width\":40", body, StringComparison.Ordinal);
        Assert.Equal(404, (await App.GetAsync($"/v1/images/{earlier}")).Status);
        Assert.Equal([source], await ListAsync("/v1/images"));
    }

    private static async Task StoreAsync(IUploadStore store, UploadId id, IReadOnlyDictionary<string, string> properties)
    {
        using var content = new MemoryStream([1]);
        await store.AddAsync(id, "image/jpeg", properties, content, Token);
    }

    private async Task<string> AddAsync(string query)
    {
        using var response = await App.Client.PostAsync($"/v1/images{query}", new ByteArrayContent(TestImages.Jpeg(40, 30)), Token);

        return (await JsonAsync(response)).GetProperty("source").GetString()!;
    }

    private async Task<List<string>> ListAsync(string address)
    {
        var page = await JsonAsync(await App.Client.GetAsync(address, Token));

        return [.. page.GetProperty("value").EnumerateArray().Select(upload => upload.GetProperty("source").GetString()!)];
    }

    private static UploadId IdOf(string source) => UploadId.TryParse(source["upload://".Length..], out var id) ? id : default;
}
