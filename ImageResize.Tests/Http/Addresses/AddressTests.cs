using System.Net;
using System.Text.Json;
using Azure.Storage.Blobs;
using ImageResize.Core.Addresses;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Http.Addresses;

/// <summary>GET and HEAD /t/SIGNATURE/OPTIONS/SOURCE.</summary>
public sealed class AddressTests(Azurite azurite) : IAsyncLifetime
{
    private RunningApp _app = null!;
    private AddressApi _api = null!;
    private string _container = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _container = Azurite.UniquePrefix();
        _app = await RunningApp.StartAsync(
            azurite, [.. AddressApi.Settings, $"--ImageResize:Blobs:AllowedContainers={_container}", "--environment=Production"]);
        _api = new AddressApi(_app);
        _app.Images.Write("photos/cat.jpg", TestImages.Jpeg(400, 300));
    }

    public ValueTask DisposeAsync()
    {
        _api.Dispose();

        return _app.DisposeAsync();
    }

    [Fact]
    public async Task A_signed_address_is_a_thumbnail_that_caches_keep()
    {
        var address = AddressApi.Sign("w_100,h_100,c_cover,f_webp", "photos/cat.jpg");
        using var first = await _api.SendAsync(address);
        using var stored = await _api.SendAsync(address);
        using var encoded = await _api.SendAsync(address.Replace("photos/cat", "photos%2Fcat", StringComparison.Ordinal));
        using var head = await _api.SendAsync(address, HttpMethod.Head);
        using var known = await _api.SendAsync(address, knownTag: $"\"other\", W/{first.Headers.ETag}");

        using var image = Picture.Of(await first.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal((100, 100), (image.Width, image.Height));
        foreach (var response in new[] { first, stored, encoded, head })
        {
            Assert.Equal(
                (HttpStatusCode.OK, "image/webp", "public, max-age=3600", first.Headers.ETag, first.Content.Headers.ContentLength, 0),
                (response.StatusCode, response.Content.Headers.ContentType!.MediaType, $"{response.Headers.CacheControl}",
                    response.Headers.ETag, response.Content.Headers.ContentLength, response.Headers.Vary.Count));
        }

        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal(await first.Content.ReadAsByteArrayAsync(Token), await stored.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal(
            (HttpStatusCode.NotModified, first.Headers.ETag, "public, max-age=3600"),
            (known.StatusCode, known.Headers.ETag, $"{known.Headers.CacheControl}"));
        Assert.Single(StoredThumbnails());
    }

    [Fact]
    public async Task An_address_that_is_not_signed_as_it_is_gets_nothing()
    {
        var address = AddressApi.Sign("w_100,h_50", "photos/cat.jpg");
        var signature = address.Split('/')[2];
        string[] wrong =
        [
            address.Replace(signature, new string('A', 43), StringComparison.Ordinal),
            address.Replace(signature, "unsigned", StringComparison.Ordinal),
            address.Replace(signature, "unsigned", StringComparison.Ordinal).Replace("w_100,h_50", "large", StringComparison.Ordinal),
            address.Replace("w_100", "w_101", StringComparison.Ordinal),
            address.Replace(",h_50", "", StringComparison.Ordinal),
            address.Replace("h_50", "h_50,q_80", StringComparison.Ordinal),
            address.Replace("cat.jpg", "dog.jpg", StringComparison.Ordinal),
            address.Replace("photos/cat.jpg", "~Y2F0LmpwZw", StringComparison.Ordinal),
            AddressApi.Sign("w_100", "photos/cat.jpg", "another-key-another-key-another-key"),
        ];
        foreach (var forged in wrong)
        {
            await AssertProblemAsync(forged, 403, "invalid_signature");
        }

        await AssertProblemAsync(AddressApi.Sign("w_100,e_1700000000", "photos/cat.jpg"), 410, "address_expired");
        await AssertProblemAsync(AddressApi.Sign("w_100,e_1700000000", "missing.jpg"), 410, "address_expired");
        await AssertProblemAsync(AddressApi.Sign("w_100", "missing.jpg"), 404, "source_not_found");
        await AssertProblemAsync(AddressApi.Sign("w_100", "../secret.jpg"), 400, "source_not_allowed");
        await AssertProblemAsync(AddressApi.Sign("none", "photos/cat.jpg"), 400, "unknown_preset");
        await AssertProblemAsync("/t/unsigned/w_100", 400, "invalid_request");
        Assert.Empty(StoredThumbnails());
    }

    [Fact]
    public async Task Options_in_another_order_lead_to_the_only_address()
    {
        var address = AddressApi.Sign("w_100,h_50,e_4102444800", "photos/a b.jpg");
        using var other = await _api.SendAsync(address.Replace("w_100,h_50", "H_50,w_100", StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.PermanentRedirect, address), (other.StatusCode, other.Headers.Location!.OriginalString));
        Assert.Empty(await other.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact]
    public async Task A_cached_copy_does_not_outlive_its_address()
    {
        var expires = DateTimeOffset.UtcNow.AddSeconds(100).ToUnixTimeSeconds();
        using var response = await _api.SendAsync(AddressApi.Sign($"w_100,e_{expires}", "photos/cat.jpg"));

        Assert.InRange(response.Headers.CacheControl!.MaxAge!.Value.TotalSeconds, 1, 100);
    }

    [Fact]
    public async Task An_automatic_format_follows_the_accept_header()
    {
        var address = AddressApi.Sign("w_50,f_auto", "photos/cat.jpg");
        using var webp = await _api.SendAsync(address, accept: "image/webp,image/*,*/*;q=0.8");
        using var other = await _api.SendAsync(address, accept: "*/*", knownTag: $"{webp.Headers.ETag}");

        Assert.Equal(
            ("image/webp", "image/jpeg"), (webp.Content.Headers.ContentType!.MediaType, other.Content.Headers.ContentType!.MediaType));
        Assert.All([webp, other], response => Assert.Equal(["Accept"], response.Headers.Vary));
    }

    [Fact]
    public async Task A_changed_source_is_noticed_in_folders_and_containers()
    {
        var container = new BlobServiceClient(azurite.ConnectionString).GetBlobContainerClient(_container);
        await container.CreateAsync(cancellationToken: Token);
        var blob = container.GetBlobClient("cat.jpg");
        foreach (var source in (string[])["photos/cat.jpg", $"blob://{_container}/cat.jpg"])
        {
            var address = AddressApi.Sign("w_100", source);
            await WriteAsync(TestImages.Jpeg(400, 300));
            using var before = await _api.SendAsync(address);
            await WriteAsync(TestImages.Jpeg(400, 200));
            using var after = await _api.SendAsync(address, knownTag: $"{before.Headers.ETag}");

            Assert.Equal((75, 50), (await HeightOfAsync(before), await HeightOfAsync(after)));
            Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);
        }

        async Task WriteAsync(byte[] image)
        {
            _app.Images.Write("photos/cat.jpg", image);
            await blob.UploadAsync(BinaryData.FromBytes(image), overwrite: true, Token);
        }
    }

    [Fact]
    public async Task Allowed_presets_need_no_signature_for_files()
    {
        using var card = await _api.SendAsync("/t/unsigned/card/photos/cat.jpg");

        Assert.Equal((HttpStatusCode.OK, 45), (card.StatusCode, await HeightOfAsync(card)));
        await AssertProblemAsync("/t/unsigned/large/photos/cat.jpg", 403, "invalid_signature");
        await AssertProblemAsync("/t/unsigned/card,e_4102444800/photos/cat.jpg", 403, "invalid_signature");
        await AssertProblemAsync("/t/unsigned/w_60/photos/cat.jpg", 403, "invalid_signature");
        await AssertProblemAsync("/t/unsigned/list/photos/cat.jpg", 400, "unknown_preset");
        await AssertProblemAsync("/t/unsigned/card/~aHR0cHM6Ly9leGFtcGxlLmNvbS9hLmpwZw", 400, "source_not_allowed");
    }

    [Fact]
    public async Task An_upload_is_read_only_as_the_caller_who_sent_it_until_it_is_deleted()
    {
        using var upload = await _app.Client.PostAsync("/v1/images", new ByteArrayContent(TestImages.Png(80, 60)), Token);
        var id = upload.Headers.Location!.OriginalString.Split('/')[^1];
        var address = AddressApi.Sign("w_40", $"upload://{id}");
        using var own = await _api.SendAsync(address);

        Assert.Equal((HttpStatusCode.OK, 30), (own.StatusCode, await HeightOfAsync(own)));
        await AssertProblemAsync(AddressApi.Sign("w_40", $"upload://{id}", AddressApi.PrinterKey), 404, "source_not_found");
        await AssertProblemAsync($"/t/unsigned/card/{AddressSource.Encode($"upload://{id}")}", 404, "source_not_found");
        Assert.Single(StoredThumbnails());

        using var deleted = await _app.Client.DeleteAsync(upload.Headers.Location, Token);
        Assert.Empty(StoredThumbnails());
        await AssertProblemAsync(address, 404, "source_not_found");
    }

    private string[] StoredThumbnails()
    {
        var folder = _app.Images["resized/_callers/addresses"];

        return Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories) : [];
    }

    private static async Task<int> HeightOfAsync(HttpResponseMessage response)
    {
        using var image = Picture.Of(await response.Content.ReadAsByteArrayAsync(Token));

        return image.Height;
    }

    private async Task AssertProblemAsync(string address, int status, string code)
    {
        using var response = await _api.SendAsync(address);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement;

        Assert.Equal(
            (address, status, code, true),
            (address, (int)response.StatusCode, problem.GetProperty("code").GetString(), response.Headers.CacheControl!.NoStore));
    }
}
