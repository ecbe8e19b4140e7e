using System.Net;
using Azure.Storage.Blobs;
using ImageResize.FaultyApp;
using ImageResize.Tests.Faults;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Web;

namespace ImageResize.Tests.Http.Addresses;

/// <summary>
/// Addresses of web images, with programs in their own processes. All hosts lead to a server of the test, because the program itself reads
/// no image from a loopback address.
/// </summary>
public sealed class LeaseHolderTests(Azurite azurite)
{
    private static readonly string Address = AddressApi.Sign("w_100,h_100", "http://images.example.com/cat.jpg");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_signed_address_of_a_web_image_is_a_thumbnail()
    {
        await using var server = new StubServer().AnswerImage("/cat.jpg", TestImages.Jpeg(400, 300));
        using var rig = RigWith(server);
        await using var app = await rig.StartStandaloneAsync();
        using var stranger = new HttpClient { BaseAddress = app.Client.BaseAddress };

        using var made = await stranger.GetAsync(Address, Token);
        using var stored = await stranger.GetAsync(Address, Token);
        using var forged = await stranger.GetAsync(Address.Replace("w_100", "w_101", StringComparison.Ordinal), Token);

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Forbidden), (made.StatusCode, stored.StatusCode, forged.StatusCode));
        using var thumbnail = Picture.Of(await made.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal((100, 75), (thumbnail.Width, thumbnail.Height));
        Assert.StartsWith("GET /cat.jpg", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instance_that_waits_makes_the_thumbnail_when_the_one_with_the_lease_is_killed()
    {
        await using var server = new StubServer();
        server.AnswerImage("/cat.jpg", TestImages.Jpeg(400, 300));
        var (answer, requests) = (server.Pages["/cat.jpg"], 0);
        server.Pages["/cat.jpg"] = (stream, cancellationToken) => Interlocked.Increment(ref requests) == 1
            ? Task.Delay(Timeout.Infinite, cancellationToken)
            : answer(stream, cancellationToken);
        using var rig = RigWith(server);
        await using var holder = await rig.StartStandaloneAsync();
        await using var other = await rig.StartStandaloneAsync();

        var lost = holder.Client.GetAsync(Address, Token);
        await Eventually.Async(() => !server.Requests.IsEmpty);
        var waiting = other.Client.GetAsync(Address, Token);
        await Eventually.Async(async () => await FindLeasesAsync(rig.Name) > 0);
        await holder.KillAsync();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => lost);
        using var response = await waiting;
        using var thumbnail = Picture.Of(await response.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal((HttpStatusCode.OK, 100, 75), (response.StatusCode, thumbnail.Width, thumbnail.Height));
        Assert.Equal(2, server.Requests.Count);
        await Eventually.Async(() => other.Output.Contains("has ended; making it here", StringComparison.Ordinal));
        await Eventually.Async(async () => await FindLeasesAsync(rig.Name) == 0);
    }

    private FaultRig RigWith(StubServer server)
    {
        var rig = new FaultRig(azurite.ConnectionString);
        rig.More[FaultyProgram.Receiver] = server.Place.ToString();
        rig.More[FaultyProgram.RealDecoder] = "true";
        rig.More["ImageResize__Addresses__Keys__shop"] = AddressApi.ShopKey;
        rig.More["ImageResize__Web__AllowedHosts"] = "*.example.com";
        rig.More["ImageResize__Thumbnails__OutputContainer"] = rig.Name;

        return rig;
    }

    private async Task<int> FindLeasesAsync(string container)
    {
        var blobs = new BlobServiceClient(azurite.ConnectionString).GetBlobContainerClient(container);

        return !await blobs.ExistsAsync(Token) ? 0 : await blobs.GetBlobsAsync(cancellationToken: Token)
            .CountAsync(blob => blob.Name.Contains("/leases/", StringComparison.Ordinal), Token);
    }
}
