using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;

namespace ImageResize.Tests.Standalone.Access;

/// <summary>Connections that take places and give nothing: they are held to a share, and ended.</summary>
public sealed class ConnectionTests(Azurite azurite)
{
    private static readonly string Key = $"{RequestKey.Header}: {Secrets.ShopKey}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Trait("Abuse", "19")]
    [Fact]
    public async Task Two_thousand_idle_connections_keep_nobody_out()
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
    public async Task There_is_a_most_of_connections(int connections, bool isServed)
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Limits:MaxConnections=2");
        var others = await Task.WhenAll(Enumerable.Range(0, connections - 1)
            .Select(_ => RawRequest.SendAsync(app.Client.BaseAddress!, "GET /health/live HTTP/1.1\nHost: x\n\n")));

        // Served and kept open: a connection that merely stands may be counted after one that came later.
        Assert.All(await Task.WhenAll(others.Select(other => other.ReadLineAsync())), answer => Assert.Equal("HTTP/1.1 200 OK", answer));
        using var last = await RawRequest.SendAsync(app.Client.BaseAddress!, $"GET /health/live HTTP/1.1\nHost: x\nConnection: close\n\n");
        var answer = await LineOrNothingAsync(last);

        Assert.Equal(isServed ? "HTTP/1.1 200 OK" : "", answer);
        Array.ForEach(others, connection => connection.Dispose());
        await Eventually.Async(async () =>
        {
            using var next =
                await RawRequest.SendAsync(app.Client.BaseAddress!, "GET /health/live HTTP/1.1\nHost: x\nConnection: close\n\n");

            return await LineOrNothingAsync(next) == "HTTP/1.1 200 OK" ? "served again" : null;
        });
    }

    /// <summary>Each answer is larger than what the sockets of a connection hold on their way.</summary>
    [Theory]
    [InlineData("/v1/jobs/{0}/thumbnails/0")]
    [InlineData("/v1/batches/{0}/thumbnails.zip")]
    public async Task A_caller_that_takes_nothing_of_a_large_answer_is_hung_up_on_and_a_slow_one_gets_it_all(string address)
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Limits:AnswerSeconds=10");
        using var noise = TestImages.Noise(2_600, 2_600);
        app.Images.Write("noise.png", noise.PngsaveBuffer());
        var job = await app.SubmitAsync(HttpMethod.Post, "/imageapi?imagePath=noise.png&customizedSize=4096");
        await app.ResultAsync(job);
        var request = $"GET {string.Format(address, job)} HTTP/1.1\nHost: x\n{Key}\nConnection: close\n\n";

        using var idle = await RawRequest.SendAsync(app.Client.BaseAddress!, request);
        using var slow = await RawRequest.SendAsync(app.Client.BaseAddress!, request);
        var read = await slow.CountAsync(pause: TimeSpan.FromMilliseconds(20), piece: 64 * 1024);

        Assert.InRange(read, 15_000_000, 50_000_000);
        await Eventually.Async(idle.HasBeenReset);
    }

    /// <summary>One on its way and eight that wait; a body that does not come keeps each in its place.</summary>
    [Theory]
    [InlineData(7, 201)]
    [InlineData(8, 201)]
    [InlineData(9, 429)]
    public async Task Uploads_at_once_have_a_most(int others, int status)
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Limits:ConcurrentUploads=1");
        var upload = $"POST /v1/images HTTP/1.1\nHost: x\nConnection: close\n{Key}\nContent-Type: image/jpeg\nContent-Length: 1000\n\n";
        var image = TestImages.Jpeg(40, 30);

        // Whoever sends no body is ended after five seconds, so a machine that stalls may want another try.
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
