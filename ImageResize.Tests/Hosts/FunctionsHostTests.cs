using System.Text.Json;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Storage;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;

namespace ImageResize.Tests.Hosts;

/// <summary>The published app under the Functions host, by what the real host was seen to send and to expect.</summary>
[Collection(PublishedAppTests.Name)]
public sealed class FunctionsHostTests(Azurite azurite, PublishedApp published) : IAsyncLifetime
{
    private readonly TemporaryFolder _images = new();
    private readonly string _name = Azurite.UniquePrefix();
    private readonly ArrivalSignal _arrivals = new();
    private FunctionsHostDouble _host = null!;
    private StorageQueue _queue = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _queue = new StorageQueue(StorageAccount.ByConnectionString(azurite.ConnectionString).OpenQueues(), _name, _arrivals);
        _host = await published.StartAsync(Settings(azurite.ConnectionString));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _images.Dispose();
        _arrivals.Dispose();
    }

    [Fact]
    public async Task A_job_goes_its_road()
    {
        _images.Write("cat.jpg", TestImages.Jpeg(400, 300));
        var id = await SubmitAsync("cat.jpg");
        Assert.Equal(404, (await _host.SendAsync(HttpMethod.Get, $"/result?jobId={id}")).Status);

        Assert.Equal(new HandlerAnswer(200, "{}"), await _host.TriggerAsync("ProcessWork", await TakeMessageAsync()));

        Assert.Equal(
            (200, """{"Message":"/ImageResize/images/resized/cat_resized.jpg","Resize":true}"""),
            await _host.SendAsync(HttpMethod.Get, $"/result?jobId={id}"));
        Assert.True(File.Exists(_images["resized/cat_resized.jpg"]));
    }

    [Fact]
    public async Task The_handler_leaves_the_queue_to_the_host()
    {
        _images.Write("cat.jpg", TestImages.Jpeg(400, 300));
        await SubmitAsync("cat.jpg");

        // Longer than a listener of its own would wait.
        await Task.Delay(TimeSpan.FromSeconds(3), Token);

        Assert.NotEmpty(await TakeMessageAsync());
    }

    [Fact]
    public async Task A_refusal_is_a_success_to_the_host()
    {
        _images.Write("text.jpg", "no image"u8.ToArray());
        var id = await SubmitAsync("text.jpg");

        var answer = await _host.TriggerAsync("ProcessWork", await TakeMessageAsync());

        Assert.True(answer.IsSuccess);
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
        var answers = new[]
        {
            await _host.TriggerAsync("ProcessWork", System.Text.Encoding.UTF8.GetBytes(text)),
            await _host.TriggerAsync("FailPoisoned", System.Text.Encoding.UTF8.GetBytes(text)),
        };

        Assert.All(answers, answer => Assert.True(answer.IsSuccess));
        await Eventually.Async(() => _host.Output.Split("none of ours").Length == 3);
    }

    [Fact]
    public async Task A_fault_is_a_failure_to_the_host_and_says_nothing_of_its_reason()
    {
        await using var own = await PrivateAzurite.StartAsync(Token);
        await using var host = await published.StartAsync(Settings(own.ConnectionString));
        var message = new WorkMessage(WorkKind.Slice, BatchId.New(TimeProvider.System.GetUtcNow())).ToJson().ToArray();
        await own.StopAsync();

        var answer = await host.TriggerAsync("ProcessWork", message);

        Assert.InRange(answer.Status, 500, 599);
        Assert.DoesNotContain("127.0.0.1", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_poisoned_job_fails_with_a_reason()
    {
        _images.Write("cat.jpg", TestImages.Jpeg(400, 300));
        var id = await SubmitAsync("cat.jpg");

        Assert.True((await _host.TriggerAsync("FailPoisoned", await TakeMessageAsync())).IsSuccess);

        var (status, body) = await _host.SendAsync(HttpMethod.Get, $"/result?jobId={id}");
        Assert.Equal((200, false), (status, JsonDocument.Parse(body).RootElement.GetProperty("Resize").GetBoolean()));
    }

    [Fact]
    public async Task The_timer_is_answered() => Assert.Equal(new HandlerAnswer(200, "{}"), await _host.TickAsync("DropExpired"));

    [Fact]
    public async Task What_is_no_envelope_is_a_failure()
    {
        var answer = await _host.TickAsync("ProcessWork");

        Assert.Equal(400, answer.Status);
    }

    [Theory]
    [InlineData("HEAD", "/imageapi?imagePath=a.jpg")]
    [InlineData("POST", "/result")]
    [InlineData("POST", "/ProcessWork")]
    [InlineData("POST", "/FailPoisoned")]
    [InlineData("POST", "/DropExpired")]
    public async Task Only_what_function_json_offers_can_be_reached_from_outside(string method, string address) =>
        Assert.Equal(404, (await _host.SendAsync(new HttpMethod(method), address)).Status);

    [Fact]
    public async Task The_root_says_what_answers_here()
    {
        var (status, body) = await _host.SendAsync(HttpMethod.Get, "/");

        Assert.Equal(200, status);
        Assert.StartsWith("ImageResize", body, StringComparison.Ordinal);
    }

    private async Task<string> SubmitAsync(string path)
    {
        var (status, body) = await _host.SendAsync(HttpMethod.Post, $"/imageapi?imagePath={path}");
        Assert.Equal(200, status);

        return JsonDocument.Parse(body).RootElement.GetProperty("jobId").GetString()!;
    }

    private async Task<byte[]> TakeMessageAsync() =>
        Assert.Single(await _queue.ReceiveAsync(32, TimeSpan.FromMinutes(10), Token)).FindBody()!;

    private Dictionary<string, string> Settings(string connectionString) => new()
    {
        ["AzureWebJobsStorage"] = connectionString,
        ["ImageResize__Sources__ImagesRoot"] = _images.Path,
        ["ImageResize__Storage__TablePrefix"] = _name,
        ["ImageResize__Storage__WorkQueue"] = _name,
    };
}
