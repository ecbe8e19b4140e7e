using System.Text;
using System.Text.Json;
using Azure.Storage.Queues;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Messages;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;
using ImageResize.Tests.Support.Storage;

namespace ImageResize.Tests.Hosts;

/// <summary>The functions of the published app, invoked as the real Functions host does.</summary>
[Collection(PublishedAppTests.Name)]
public sealed class FunctionsHostTests(PublishedApp published, IdleHost idle) : IClassFixture<IdleHost>
{
    private readonly TemporaryFolder _images = idle.Images;
    private readonly FunctionsHostDouble _host = idle.Host;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_queue_function_completes_a_submitted_job()
    {
        _images.Write("cat.jpg", TestImages.Jpeg(400, 300));
        var id = await SubmitAsync("cat.jpg");
        Assert.Equal(404, (await _host.SendAsync(HttpMethod.Get, $"/result?jobId={id}")).Status);

        Assert.Null(await _host.InvokeAsync("ProcessWork", await TakeMessageAsync()));

        Assert.Equal(
            (200, """{"Message":"/ImageResize/images/resized/cat_resized.jpg","Resize":true}"""),
            await _host.SendAsync(HttpMethod.Get, $"/result?jobId={id}"));
        Assert.True(File.Exists(_images["resized/cat_resized.jpg"]));
    }

    [Fact]
    public async Task The_worker_leaves_the_queue_to_the_host()
    {
        _images.Write("cat.jpg", TestImages.Jpeg(400, 300));
        await SubmitAsync("cat.jpg");

        // Longer than a listener of its own would wait.
        await Task.Delay(TimeSpan.FromSeconds(3), Token);

        Assert.NotEmpty(await TakeMessageAsync());
    }

    [Fact]
    public async Task A_refused_image_is_a_success_to_the_host()
    {
        _images.Write("text.jpg", "no image"u8.ToArray());
        var id = await SubmitAsync("text.jpg");

        var failure = await _host.InvokeAsync("ProcessWork", await TakeMessageAsync());

        Assert.Null(failure);
        Assert.Equal(
            (200, """{"Message":"The given image path is not a valid image format","Resize":false}"""),
            await _host.SendAsync(HttpMethod.Get, $"/result?jobId={id}"));
    }

    [Theory]
    [InlineData("plain text")]
    [InlineData("null")]
    [InlineData("{\"batch\":\"../../x\"}")]
    public async Task A_message_that_is_not_ours_is_dropped_with_one_warning(string text)
    {
        var warnings = Warnings();

        string?[] failures =
        [
            await _host.InvokeAsync("ProcessWork", OnQueue(Encoding.UTF8.GetBytes(text))),
            await _host.InvokeAsync("FailPoisoned", OnQueue(Encoding.UTF8.GetBytes(text))),
        ];

        Assert.All(failures, Assert.Null);
        await Eventually.Async(() => Warnings() == warnings + 2);

        int Warnings() => _host.Output.Split("not sent by this program").Length - 1;
    }

    [Fact]
    public async Task A_fault_is_a_failure_to_the_host()
    {
        await using var own = await PrivateAzurite.StartAsync(Token);
        await using var host = await idle.StartAsync(published, own.ConnectionString);
        var message = MessageJson.Serialize(new SliceMessage(BatchId.New(TimeProvider.System.GetUtcNow()), 0)).ToArray();
        await own.StopAsync();

        Assert.NotNull(await host.InvokeAsync("ProcessWork", OnQueue(message)));
    }

    [Fact]
    public async Task A_poisoned_job_fails_with_a_reason()
    {
        _images.Write("cat.jpg", TestImages.Jpeg(400, 300));
        var id = await SubmitAsync("cat.jpg");

        Assert.Null(await _host.InvokeAsync("FailPoisoned", await TakeMessageAsync()));

        var (status, body) = await _host.SendAsync(HttpMethod.Get, $"/result?jobId={id}");
        Assert.Equal((200, false), (status, JsonDocument.Parse(body).RootElement.GetProperty("Resize").GetBoolean()));
    }

    [Fact]
    public async Task HEAD_queues_nothing()
    {
        _images.Write("cat.jpg", TestImages.Jpeg(400, 300));
        var id = await SubmitAsync("cat.jpg");

        foreach (var address in (string[])["/imageapi?imagePath=cat.jpg", "/v1/jobs"])
        {
            Assert.Equal((405, ""), await _host.SendAsync(HttpMethod.Head, address));
        }

        Assert.Equal((200, ""), await _host.SendAsync(HttpMethod.Head, $"/v1/jobs/{id}"));
        Assert.Equal((200, ""), await _host.SendAsync(HttpMethod.Head, $"/v1/batches/{id}"));
        Assert.Equal((404, ""), await _host.SendAsync(HttpMethod.Head, $"/result?jobId={id}"));
        Assert.NotEmpty(await TakeMessageAsync());
    }

    [Theory]
    [InlineData("DropExpired")]
    [InlineData("ListWatches")]
    public async Task The_timer_functions_succeed(string function) => Assert.Null(await _host.TickAsync(function));

    [Theory]
    [InlineData("GET", "/v1")]
    [InlineData("POST", "/ProcessWork")]
    [InlineData("POST", "/FailPoisoned")]
    [InlineData("POST", "/DropExpired")]
    public async Task An_address_of_no_function_is_404_without_a_body(string method, string address) =>
        Assert.Equal((404, ""), await _host.SendAsync(new HttpMethod(method), address));

    [Theory]
    [InlineData("")]
    [InlineData("x-functions-key: wrong")]
    public async Task A_request_without_a_valid_key_is_401_without_a_body(string header)
    {
        using var stranger = new HttpClient { BaseAddress = _host.Client.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/imageapi?imagePath=a.jpg");
        if (header.Split(": ") is [var name, var key])
        {
            request.Headers.Add(name, key);
        }

        using var response = await stranger.SendAsync(request, Token);

        Assert.Equal((401, ""), ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Token)));
    }

    [Fact]
    public async Task The_root_names_the_service()
    {
        var (status, body) = await _host.SendAsync(HttpMethod.Get, "/");

        Assert.Equal(200, status);
        Assert.StartsWith("ImageResize", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_root_is_the_web_page_for_browsers()
    {
        using var stranger = new HttpClient { BaseAddress = _host.Client.BaseAddress };
        stranger.DefaultRequestHeaders.Add("Accept", "text/html");
        using var response = await stranger.GetAsync("/", Token);
        var page = await response.Content.ReadAsStringAsync(Token);
        using var script = await stranger.GetAsync($"/{page.Split("type=\"module\" src=\"")[1].Split('"')[0]}", Token);

        Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.NotNull(response.Headers.ETag);
        Assert.Equal("public, max-age=31536000, immutable", script.Headers.CacheControl?.ToString());
        Assert.Contains("import", await script.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/openapi.json", "\"openapi\": \"3.1.1\"")]
    [InlineData("/openapi.yaml", "openapi: \"3.1.1\"")]
    [InlineData("/docs", "docs/scalar.js")]
    [InlineData("/docs/start.js", "openapi.json")]
    public async Task The_API_is_described_without_a_key(string address, string part)
    {
        using var stranger = new HttpClient { BaseAddress = _host.Client.BaseAddress };

        Assert.Contains(part, await stranger.GetStringAsync(address, Token), StringComparison.Ordinal);
    }

    private async Task<string> SubmitAsync(string path)
    {
        var (status, body) = await _host.SendAsync(HttpMethod.Post, $"/imageapi?imagePath={path}");
        Assert.Equal(200, status);

        return JsonDocument.Parse(body).RootElement.GetProperty("jobId").GetString()!;
    }

    /// <summary>A message as it is on the queue: the host does not decode it.</summary>
    private static byte[] OnQueue(byte[] body) => Encoding.UTF8.GetBytes(Convert.ToBase64String(body));

    private Task<byte[]> TakeMessageAsync() => idle.TakeMessageAsync();
}

/// <summary>One host for all tests of the class. It receives no messages, so that the tests can.</summary>
public sealed class IdleHost(Azurite azurite, PublishedApp published) : IAsyncLifetime
{
    private readonly string _name = Azurite.UniquePrefix();

    internal TemporaryFolder Images { get; } = new();

    internal FunctionsHostDouble Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await StartAsync(published, azurite.ConnectionString);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Images.Dispose();
    }

    internal Task<FunctionsHostDouble> StartAsync(PublishedApp app, string connectionString) => app.StartAsync(
        new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = connectionString,
            ["ImageResize__Sources__ImagesRoot"] = Images.Path,
            ["ImageResize__Storage__TablePrefix"] = _name,
            ["ImageResize__Storage__WorkQueue"] = _name,
        },
        new HostSetup { ReceivesMessages = false });

    /// <summary>Receives the only message of the work queue, as it is there.</summary>
    internal async Task<byte[]> TakeMessageAsync()
    {
        var queue = new QueueClient(azurite.ConnectionString, _name);
        var message =
            Assert.Single((await queue.ReceiveMessagesAsync(32, TimeSpan.FromMinutes(10), TestContext.Current.CancellationToken)).Value);

        return message.Body.ToArray();
    }
}
