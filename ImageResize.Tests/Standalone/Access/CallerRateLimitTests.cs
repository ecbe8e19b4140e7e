using System.Net;
using ImageResize.Core.Jobs;
using ImageResize.Functions.Http.Keys;
using ImageResize.Functions.Http.Requests;
using ImageResize.Functions.Standalone.Access;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Standalone.Access;

/// <summary>Each caller has its own limits. Above a limit the response is 429, and other callers are not affected.</summary>
public sealed class CallerRateLimitTests(Azurite azurite)
{
    private const string Job = "/result?jobId=1";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_over_the_limit_is_told_when_to_retry_and_other_callers_are_served()
    {
        await using var app =
            await RunningApp.StartAsync(azurite, "--ImageResize:Limits:RequestsPerMinute=1", "--ImageResize:Limits:Burst=3");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(404, (await app.GetAsync(Job)).Status);
        }

        using var over = await app.Client.GetAsync(Job, Token);

        Assert.Equal(HttpStatusCode.TooManyRequests, over.StatusCode);
        Assert.InRange(over.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Contains("\"code\":\"too_many_requests\"", await over.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(404, (int)await StatusAsync(app, Job, Secrets.PrinterKey));
        Assert.Equal(404, (int)await StatusAsync(app, Job, key: null));
    }

    [Fact]
    public async Task Requests_without_a_key_do_not_count_towards_any_callers_limit()
    {
        await using var app = await RunningApp.StartAsync(
            azurite, "--environment=Production", "--ImageResize:Limits:RequestsPerMinute=1", "--ImageResize:Limits:Burst=1");
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(401, (int)await StatusAsync(app, Job, "not-the-key-of-anybody"));
        }

        Assert.Equal(404, (await app.GetAsync(Job)).Status);
    }

    [Fact]
    public async Task Uploads_have_their_own_limit()
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Limits:UploadsPerMinute=2");

        HttpStatusCode[] statuses = [await UploadAsync(app), await UploadAsync(app), await UploadAsync(app)];

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.TooManyRequests], statuses);
        Assert.Equal(404, (await app.GetAsync(Job)).Status);
    }

    [Fact]
    public async Task Long_running_requests_have_their_own_limit()
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api", "--ImageResize:Limits:ConcurrentWaits=1");
        app.Images.Write("cat.jpg", TestImages.Jpeg(40, 30));
        var id = await app.SubmitAsync(HttpMethod.Get, "/imageapi?imagePath=cat.jpg");
        var wait = $"/v1/jobs/{id}?wait=60";
        using var hangUp = new CancellationTokenSource();
        var waiting = app.Client.GetAsync(wait, hangUp.Token);

        await Eventually.Async(async () =>
        {
            // Refused itself if it arrived during one of the requests below.
            waiting = waiting.IsCompleted ? app.Client.GetAsync(wait, hangUp.Token) : waiting;

            return await StatusAsync(app, $"/v1/jobs/{id}?wait=0", Secrets.ShopKey) == HttpStatusCode.TooManyRequests ? "over" : null;
        });
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, $"/v1/jobs/{id}", Secrets.ShopKey));

        // Another caller is not over its limit, though the job is not its own.
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(app, $"/v1/jobs/{id}?wait=0", Secrets.PrinterKey));

        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Eventually.Async(
            async () => await StatusAsync(app, $"/v1/jobs/{id}?wait=0", Secrets.ShopKey) == HttpStatusCode.OK ? "free" : null);
    }

    private static async Task<HttpStatusCode> UploadAsync(RunningApp app)
    {
        using var image = new ByteArrayContent(TestImages.Jpeg(40, 30));
        using var response = await app.Client.PostAsync("/v1/images", image, Token);

        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningApp app, string address, string? key)
    {
        using var client = new HttpClient { BaseAddress = app.Client.BaseAddress };
        if (key is not null)
        {
            client.DefaultRequestHeaders.Add(RequestKey.Header, key);
        }

        using var response = await client.GetAsync(address, Token);

        return response.StatusCode;
    }
}
