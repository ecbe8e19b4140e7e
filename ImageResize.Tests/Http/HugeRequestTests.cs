using System.Net;
using System.Text;
using System.Text.Json;
using ImageResize.Core.Memory;
using ImageResize.Core.Sources;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Http;

/// <summary>Requests with more entries or bytes than a caller can need are refused while they are read, with a short response.</summary>
public sealed class HugeRequestTests(Azurite azurite) : IAsyncLifetime
{
    private const int LongestAnswer = 200_000;

    /// <summary>As many as one caller can send at once.</summary>
    private const int SlowBodies = 8;

    private RunningApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await RunningApp.StartAsync(azurite);
        _app.Images.Write("cat.jpg", TestImages.Jpeg(40, 30));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_job_of_megabytes_is_refused_by_its_size()
    {
        var (status, body) = await PostAsync("/v1/jobs", $$"""{"source":"cat.jpg","actions":[{{Many("{}", 1_000_000)}}]}""");

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "too_large"), (status, CodeOf(body)));
    }

    [Fact]
    public async Task A_job_with_thousands_of_actions_gets_one_error()
    {
        var (status, body) = await PostAsync("/v1/jobs", $$"""{"source":"cat.jpg","actions":[{{Many("{}", 15_000)}}]}""");

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (status, CodeOf(body)));
        Assert.Contains("actions has more than 34 entries. A job can have at most 17.", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_with_some_actions_too_many_gets_the_usual_errors()
    {
        var (status, body) = await PostAsync("/v1/jobs", $$"""{"source":"cat.jpg","actions":[{{Many("""{"measure":{}}""", 18)}}]}""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.True(JsonDocument.Parse(body).RootElement.GetProperty("errors").TryGetProperty("actions", out _));
    }

    [Fact]
    public async Task A_batch_with_millions_of_items_is_refused_at_the_first_too_many()
    {
        var (status, body) = await PostAsync("/v1/batches", $$"""{"items":[{{Many("0", 5_000_000)}}]}""");

        Assert.Equal((HttpStatusCode.BadRequest, "too_many_items"), (status, CodeOf(body)));
        Assert.InRange(body.Length, 1, 1_000);
    }

    [Fact]
    public async Task A_batch_as_JSON_may_not_be_larger_than_its_memory()
    {
        var (status, body) = await PostAsync("/v1/batches", $$"""{"items":["{{new string('a', 17_000_000)}}"]}""");

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "too_large"), (status, CodeOf(body)));
    }

    [Fact]
    public async Task Lines_with_thousands_of_empty_actions_have_a_short_answer()
    {
        var line = $$"""{"source":"cat.jpg","actions":[{{Many("{}", 8_000)}}]}""" + "\n";
        var few = $$"""{"source":"cat.jpg","actions":[{{Many("{}", 30)}}]}""" + "\n";

        var (status, body) = await PostAsync("/v1/batches", Repeat(line, 150) + Repeat(few, 150), "application/x-ndjson");

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_items"), (status, CodeOf(body)));
        Assert.InRange(body.Length, 1, LongestAnswer);
        Assert.Equal(100, JsonDocument.Parse(body).RootElement.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task An_item_with_many_invalid_actions_names_the_first()
    {
        var (_, body) = await PostAsync(
            "/v1/batches", $$$"""{"items":[{"source":"cat.jpg","actions":[{{{Many("{}", 30)}}}]}]}""");

        var message = JsonDocument.Parse(body).RootElement.GetProperty("items")[0].GetProperty("message").GetString();
        Assert.EndsWith("more values are invalid.", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/jobs", """{"source":"cat.jpg","source":"dog.jpg","actions":[{"measure":{}}]}""")]
    [InlineData("/v1/jobs", """{"source":"cat.jpg","actions":[{"thumbnail":{"width":1,"width":2}}]}""")]
    [InlineData("/v1/batches", """{"name":"a","name":"b","items":[{"source":"cat.jpg"}],"actions":[{"measure":{}}]}""")]
    public async Task A_name_given_twice_is_refused(string address, string json)
    {
        var (status, body) = await PostAsync(address, json);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("has the same name twice at $", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_of_metadata_has_a_length()
    {
        var (status, body) = await PostAsync(
            "/v1/jobs",
            $$$"""{"source":"cat.jpg","actions":[{"thumbnail":{"width":9,"metadata":[{{{Many("\"copyright\"", 17)}}}]}}]}""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("metadata can have at most 16 entries.", body, StringComparison.Ordinal);
    }

    /// <summary>Each announces 16 MB, sends two and then nothing. The server asks for the body when it begins to receive it.</summary>
    [Fact]
    public async Task Bodies_that_arrive_slowly_hold_no_memory()
    {
        var server = _app.Client.BaseAddress!;
        var slow = new List<RawRequest>();
        try
        {
            for (var i = 0; i < SlowBodies; i++)
            {
                slow.Add(await RawRequest.SendAsync(
                    server,
                    $"POST /v1/batches HTTP/1.1\nHost: {server.Authority}\nx-functions-key: {Secrets.ShopKey}\nExpect: 100-continue\n"
                    + "Content-Type: application/json\nContent-Length: 16000000\n\n"));
                Assert.Equal("HTTP/1.1 100 Continue", await slow[^1].ReadLineAsync());
                await slow[^1].WriteAsync(new byte[2_000_000]);
            }

            var memory = _app.Services.GetRequiredService<MemoryBudget>();
            var all = _app.Services.GetRequiredService<IOptions<SourcesOptions>>().Value.MaxBytesInMemory;
            using var reservation = await memory.ReserveAsync(all, MemoryTurn.None, Token).WaitAsync(TimeSpan.FromSeconds(20), Token);
        }
        finally
        {
            slow.ForEach(request => request.Dispose());
        }
    }

    [Fact]
    public async Task A_body_of_megabytes_is_received_and_accepted()
    {
        var items = Repeat("""{"source":"cat.jpg"},""" + new string(' ', 3_000), 999) + """{"source":"cat.jpg"}""";

        var (status, body) = await PostAsync("/v1/batches", $$$"""{"items":[{{{items}}}],"actions":[{"measure":{}}]}""");

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal(1_000, JsonDocument.Parse(body).RootElement.GetProperty("total").GetInt32());
    }

    private static string Many(string json, int count) => string.Join(',', Enumerable.Repeat(json, count));

    private static string Repeat(string line, int count) => string.Concat(Enumerable.Repeat(line, count));

    private static string? CodeOf(string body) => JsonDocument.Parse(body).RootElement.GetProperty("code").GetString();

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(string address, string body, string type = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };

        // Otherwise a client may not see an answer that comes before it has sent all of the body.
        request.Headers.ExpectContinue = true;
        using var response = await _app.Client.SendAsync(request, Token);

        return (response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }
}
