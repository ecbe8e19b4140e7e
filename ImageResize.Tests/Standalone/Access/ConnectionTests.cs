using System.Text.Json;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;

namespace ImageResize.Tests.Standalone.Access;

/// <summary>Connections that are idle or slow are limited and closed.</summary>
public sealed class ConnectionTests(Azurite azurite)
{
    private static readonly string Key = $"{RequestKey.Header}: {Secrets.ShopKey}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Trait("Abuse", "19")]
    [Fact]
    public async Task Other_callers_are_served_beside_two_thousand_idle_connections()
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Limits:ConnectionsPerAddress=3000");
        var idle = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(_ => RawRequest.SendAsync(app.Client.BaseAddress!, "")));

        Assert.Equal(404, (await app.GetAsync("/result?jobId=1")).Status);

        Array.ForEach(idle, connection => connection.Dispose());
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task The_number_of_connections_is_limited(int connections, bool isServed)
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Limits:MaxConnections=2");
        var others = await Task.WhenAll(Enumerable.Range(0, connections - 1)
            .Select(_ => RawRequest.SendAsync(app.Client.BaseAddress!, "GET /health/live HTTP/1.1\nHost: localhost\n\n")));

        // Each sends a request and stays open, because an idle connection may be counted after a later one.
        Assert.All(await Task.WhenAll(others.Select(other => other.ReadLineAsync())), answer => Assert.Equal("HTTP/1.1 200 OK", answer));
        using var last = await RawRequest.SendAsync(
            app.Client.BaseAddress!, "GET /health/live HTTP/1.1\nHost: localhost\nConnection: close\n\n");
        var answer = await LineOrNothingAsync(last);

        Assert.Equal(isServed ? "HTTP/1.1 200 OK" : "", answer);
        Array.ForEach(others, connection => connection.Dispose());
        await Eventually.Async(async () =>
        {
            using var next =
                await RawRequest.SendAsync(app.Client.BaseAddress!, "GET /health/live HTTP/1.1\nHost: localhost\nConnection: close\n\n");

            return await LineOrNothingAsync(next) == "HTTP/1.1 200 OK" ? "served again" : null;
        });
    }

    [Theory]
    [InlineData("GET /imageapi?imagePath=caf\u00e9.jpg HTTP/1.1\nHost: localhost\n\n")]
    [InlineData("POST /v1/\u00c3\u00a9")]
    public async Task A_request_whose_address_is_not_percent_encoded_is_told_so(string request)
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");

        using var raw = await RawRequest.SendAsync(app.Client.BaseAddress!, request);
        var answer = await raw.ReadAsync();

        Assert.StartsWith("HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\n", answer, StringComparison.Ordinal);
        var body = JsonDocument.Parse(answer.Split("\r\n\r\n")[1]).RootElement;
        Assert.Equal("invalid_request", body.GetProperty("code").GetString());
        Assert.Contains("Percent-encode them", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(404, (await app.GetAsync("/result?jobId=caf%C3%A9")).Status);
    }

    /// <summary>Each response is larger than the buffers of a connection.</summary>
    [Theory]
    [InlineData("/v1/jobs/{0}/thumbnails/0")]
    [InlineData("/v1/batches/{0}/thumbnails.zip")]
    public async Task A_caller_that_stops_reading_a_large_response_is_disconnected_and_a_slow_one_receives_all_of_it(string address)
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Limits:AnswerSeconds=10");
        using var noise = TestImages.Noise(2_600, 2_600);
        app.Images.Write("noise.png", noise.PngsaveBuffer());
        var job = await app.SubmitAsync(HttpMethod.Post, "/imageapi?imagePath=noise.png&customizedSize=4096");
        await app.ResultAsync(job);
        var request = $"GET {string.Format(address, job)} HTTP/1.1\nHost: localhost\n{Key}\nConnection: close\n\n";

        using var idle = await RawRequest.SendAsync(app.Client.BaseAddress!, request);
        using var slow = await RawRequest.SendAsync(app.Client.BaseAddress!, request);
        var read = await slow.CountAsync(pause: TimeSpan.FromMilliseconds(20), piece: 64 * 1024);

        Assert.InRange(read, 15_000_000, 50_000_000);
        await Eventually.Async(idle.HasBeenReset);
    }

    /// <summary>Uploads whose bodies do not arrive: one running and eight queued.</summary>
    [Theory]
    [InlineData(7, 201)]
    [InlineData(8, 201)]
    [InlineData(9, 429)]
    public async Task The_number_of_concurrent_uploads_is_limited(int others, int status)
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Limits:ConcurrentUploads=1");
        var upload = "POST /v1/images HTTP/1.1\nHost: localhost\nConnection: close\n" +
            $"{Key}\nContent-Type: image/jpeg\nContent-Length: 1000\n\n";
        var image = TestImages.Jpeg(40, 30);

        // A request without a body is aborted after five seconds, so a machine that stalls may need another attempt.
        var seen = await Eventually.Async(async () =>
        {
            var waiting = new List<RawRequest>();
            for (var i = 0; i < others; i++)
            {
                waiting.Add(await RawRequest.SendAsync(app.Client.BaseAddress!, upload));
            }

            using var content = new ByteArrayContent(image);
            var sending = app.Client.PostAsync("/v1/images", content, Token);
            await Task.WhenAny(sending, Task.Delay(TimeSpan.FromSeconds(1), Token));
            waiting.ForEach(request => request.Dispose());
            using var response = await sending;

            return (int)response.StatusCode == status ? "so" : null;
        });

        Assert.Equal("so", seen);
    }

    private static async Task<string> LineOrNothingAsync(RawRequest request)
    {
        try
        {
            return await request.ReadLineAsync();
        }
        catch (IOException)
        {
            return "";
        }
    }
}
