using System.Net;
using Azure.Storage.Blobs;
using ImageResize.Core.Quotas;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Http.Uploads;

/// <summary>What addresses of uploads do not allow, and what is refused when it was sent to one.</summary>
public sealed class HostileUploadAddressTests(Azurite azurite) : UploadAddressApi(azurite)
{
    [Fact]
    public async Task An_accepted_image_cannot_be_changed_with_its_address()
    {
        var (source, address) = await CreateAsync();
        await SendAsync(address, TestImages.Jpeg(90, 60));
        await FindAsync(source);

        await SendAsync(address, TestImages.Jpeg(500, 500));

        Assert.Equal(90, (await JsonAsync(await FindAsync(source))).GetProperty("width").GetInt32());
        var job = await SubmitAsync(source, """ "actions": [ { "measure": {} } ] """);
        Assert.Equal(90, job.GetProperty("size").GetProperty("width").GetInt32());
    }

    [Fact]
    public async Task The_address_opens_nothing_else()
    {
        var (source, address) = await CreateAsync();
        await SendAsync(address, TestImages.Jpeg(90, 60));
        var (other, _) = await CreateAsync();
        var (id, otherId) = (source["upload://".Length..], other["upload://".Length..]);

        var refused = new[]
        {
            await StatusAsync(HttpMethod.Get, address),
            await StatusAsync(HttpMethod.Head, address),
            await StatusAsync(HttpMethod.Delete, address),
            await StatusAsync(HttpMethod.Put, address.Replace(id, otherId, StringComparison.Ordinal)),
            await StatusAsync(HttpMethod.Put, address.Replace("-pending-", "-uploads-", StringComparison.Ordinal)),
            await StatusAsync(HttpMethod.Get, ContainerOf(address) + "&restype=container&comp=list"),
            await StatusAsync(HttpMethod.Put, address.Replace("sp=cw", "sp=rcwd", StringComparison.Ordinal)),
            await StatusAsync(HttpMethod.Put, address.Replace("&se=2", "&se=3", StringComparison.Ordinal)),
        };

        Assert.All(refused, status => Assert.Equal(HttpStatusCode.Forbidden, status));
        var signed = new BlobUriBuilder(new Uri(address)).Sas;
        Assert.Equal(("b", "cw"), (signed.Resource, signed.Permissions));
        Assert.InRange(signed.ExpiresOn - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(55), TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Another_caller_can_neither_see_nor_accept_nor_delete_it()
    {
        using var stranger = new HttpClient { BaseAddress = App.Client.BaseAddress };
        stranger.DefaultRequestHeaders.Add(RequestKey.Header, Secrets.PrinterKey);
        var (source, address) = await CreateAsync();
        await SendAsync(address, TestImages.Jpeg(90, 60));
        var path = PathOf(source);

        using var found = await stranger.GetAsync(path, Token);
        using var deleted = await stranger.DeleteAsync(path, Token);
        using var job = await stranger.PostAsync("/v1/jobs", JobOf(source, Width20), Token);

        Assert.Equal(
            (HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.BadRequest),
            (found.StatusCode, deleted.StatusCode, job.StatusCode));
        Assert.Empty(await StoredAsync());
        Assert.Equal(HttpStatusCode.OK, (await FindAsync(source)).StatusCode);
    }

    public static TheoryData<string, int, string> Refused() => new()
    {
        { "empty", 400, "source_empty" },
        { "text", 415, "not_an_image" },
        { "long", 413, "source_too_large" },
        { "pixels", 413, "too_large" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_sent_image_is_refused_like_any_other_upload_and_not_kept(string kind, int status, string code)
    {
        byte[] image = kind switch
        {
            "empty" => [],
            "text" => "no image"u8.ToArray(),
            "long" => [.. TestImages.Jpeg(90, 60), .. new byte[MaxBytes]],
            _ => TestPng.HeaderOnly(9_000, 9_000),
        };
        var (source, address) = await CreateAsync();
        await SendAsync(address, image);

        using var reply = await FindAsync(source);
        var text = await reply.Content.ReadAsStringAsync(Token);

        Assert.Equal((status, true), ((int)reply.StatusCode, text.Contains($"\"{code}\"", StringComparison.Ordinal)));
        Assert.Empty(await StoredAsync());
        Assert.Empty(await PendingAsync());
        await SendAsync(address, TestImages.Jpeg(90, 60));
        Assert.Equal(HttpStatusCode.OK, (await FindAsync(source)).StatusCode);
    }

    [Fact]
    public async Task Forged_properties_are_not_believed()
    {
        var (source, address) = await CreateAsync();
        await SendAsync(
            address,
            "no image"u8.ToArray(),
            ("x-ms-meta-width", "10"), ("x-ms-meta-height", "10"), ("x-ms-meta-orientation", "1"), ("x-ms-meta-format", "Jpeg"));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await FindAsync(source)).StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_deleted_upload_cannot_be_sent_again(bool isAccepted)
    {
        var (source, address) = await CreateAsync();
        await SendAsync(address, TestImages.Jpeg(90, 60));
        if (isAccepted)
        {
            await FindAsync(source);
        }

        Assert.Equal(HttpStatusCode.NoContent, (await App.Client.DeleteAsync(PathOf(source), Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await App.Client.DeleteAsync(PathOf(source), Token)).StatusCode);
        await SendAsync(address, TestImages.Jpeg(90, 60));

        Assert.Equal(HttpStatusCode.NotFound, (await FindAsync(source)).StatusCode);
        Assert.Contains("source_not_found", (await SubmitAsync(source)).ToString(), StringComparison.Ordinal);
        Assert.Equal("""{"value":[]}""", await App.Client.GetStringAsync("/v1/images", Token));
    }

    [Theory]
    [InlineData("""{ "bytes": 6000001 }""", 413)]
    [InlineData("""{ "bytes": 6000001.0 }""", 413)]
    [InlineData("""{ "bytes": 0 }""", 400)]
    [InlineData("""{ "bytes": 1.5 }""", 400)]
    [InlineData("""{ "name": 1 }""", 400)]
    [InlineData("""{ "size": 1 }""", 400)]
    [InlineData("""{ """, 400)]
    public async Task A_wrong_request_gets_no_address(string body, int status)
    {
        using var content = JsonOf(body);
        using var reply = await App.Client.PostAsync("/v1/uploads", content, Token);

        Assert.Equal(status, (int)reply.StatusCode);
        Assert.DoesNotContain("sig=", await reply.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_without_room_gets_no_address_and_nothing_is_accepted()
    {
        var (source, address) = await CreateAsync();
        await SendAsync(address, TestImages.Jpeg(90, 60));
        var bytes = App.Services.GetRequiredService<DailyBytes>();
        bytes.Add("shop", bytes.Limit);

        using var refused = await FindAsync(source);
        using var reply = await App.Client.PostAsync("/v1/uploads", content: null, Token);

        Assert.Equal((429, 429), ((int)refused.StatusCode, (int)reply.StatusCode));
        Assert.Single(await PendingAsync());
    }
}
