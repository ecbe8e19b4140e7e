using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources.Web.Network;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;
using ImageResize.Tests.Support.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ImageResize.Tests.Standalone.Access;

/// <summary>
/// The query of a source can contain a signature or a token, which must not be visible anywhere. Each address here has one, and all
/// responses, callbacks, stored names and logs are searched for it.
/// </summary>
public sealed class QueryLeakTests(Azurite azurite)
{
    private const string Query = $"?sv=1&sig={Secrets.Prefix}-of-query&token={Secrets.Prefix}-of-query";
    private const string Actions = """[ { "measure": {} }, { "thumbnail": { "width": 40 } } ]""";

    /// <summary>One for each result of a job.</summary>
    private static readonly string[] Sources =
    [
        $"http://pictures.example/cat.jpg{Query}",
        $"http://pictures.example/damaged.jpg{Query}",
        $"http://pictures.example/gone.jpg{Query}",
        $"http://pictures.example/login{Query}",
        $"http://pictures.example/moved{Query}",
        $"http://pictures.example/silent{Query}",
        $"https://pictures.example/cat.jpg{Query}",
        $"http://nobody.example/cat.jpg{Query}#{Secrets.Prefix}",
        $"https://account.blob.core.windows.net/photos/cat.jpg{Query}",
    ];

    /// <summary>Refused at submission.</summary>
    private static readonly string[] Refused =
    [
        $"ftp://pictures.example/cat.jpg{Query}",
        $"http://pictures.example:99999/cat.jpg{Query}",
        $"http://somebody:{Secrets.Prefix}@pictures.example/cat.jpg{Query}",
        $"http:///cat.jpg{Query}",
        $"http://pictures.example/{new string('a', 4_000)}{Query}",
    ];

    private readonly ConcurrentQueue<string> _seen = new();
    private readonly TestLog<QueryLeakTests> _log = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_query_of_a_source_is_never_in_responses_callbacks_names_or_logs()
    {
        await using var server = Server();
        var resolver = new TestResolver();
        resolver.Add("pictures.example", server.Place);
        resolver.Add("receiver.example", server.Place);
        await using var app = await RunningApp.StartAsync(
            azurite.ConnectionString,
            services => services.AddSingleton<IResolver>(resolver)
                .AddSingleton<IAddressPolicy>(new AnyAddress()).AddSingleton<ILoggerProvider>(new Lines(_log)),
            $"--ImageResize:Callbacks:Secrets={TestReceivers.Secret()}", "--ImageResize:Web:IdleTimeoutSeconds=2");

        await OldEndpointsAsync(app);
        await JobsAsync(app);
        await BatchesAsync(app);
        await CalledBackAsync(app, server);
        await SendAsync(app, HttpMethod.Get, "/metrics", key: Secrets.AdminKey);
        foreach (var file in Directory.EnumerateFileSystemEntries(app.Images.Path, "*", SearchOption.AllDirectories))
        {
            _seen.Enqueue(file);
        }

        Assert.All(
            _seen.Concat(server.Bodies).Concat(_log.Lines), line => Assert.DoesNotContain(Secrets.Prefix, line, StringComparison.Ordinal));
        Assert.Contains(_log.Lines, line =>
            line.Contains("pictures.example", StringComparison.Ordinal) || line.Contains("refused", StringComparison.OrdinalIgnoreCase));
        Assert.True(_seen.Count > 100, $"Only {_seen.Count} answers were seen.");
    }

    private static StubServer Server()
    {
        var server = new StubServer();
        server.AnswerImage($"/cat.jpg{Query}", TestImages.Jpeg(80, 60));
        server.AnswerImage($"/damaged.jpg{Query}", TestImages.Jpeg(400, 300)[..2_000]);
        server.Answer($"/gone.jpg{Query}", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        server.Answer($"/login{Query}", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>");
        server.Redirect($"/moved{Query}", $"http://elsewhere.example/cat.jpg{Query}");
        server.Answer($"/hook{Query}", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        return server;
    }

    private async Task OldEndpointsAsync(RunningApp app)
    {
        foreach (var source in Sources)
        {
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
            {
                var answer = await SendAsync(app, method, $"/imageapi?imagePath={Uri.EscapeDataString(source)}");
                var id = JsonDocument.Parse(answer).RootElement.GetProperty("jobId").GetString()!;
                _seen.Enqueue(await app.ResultAsync(id));
                await SendAsync(app, HttpMethod.Get, $"/v1/jobs/{id}");
            }
        }

        foreach (var source in Refused)
        {
            await SendAsync(app, HttpMethod.Get, $"/imageapi?imagePath={Uri.EscapeDataString(source)}");
            await SendAsync(app, HttpMethod.Post, $"/imageapi?imagePath={Uri.EscapeDataString(source)}");
        }
    }

    private async Task JobsAsync(RunningApp app)
    {
        foreach (var source in Sources)
        {
            var answer = await SendAsync(app, HttpMethod.Post, "/v1/jobs", $$"""{ "source": "{{source}}", "actions": {{Actions}} }""");
            var id = JsonDocument.Parse(answer).RootElement.GetProperty("id").GetString();
            await SendAsync(app, HttpMethod.Get, $"/v1/jobs/{id}?wait=60");
            await SendAsync(app, HttpMethod.Get, $"/v1/jobs/{id}/thumbnails/0");
        }

        foreach (var source in Refused)
        {
            await SendAsync(app, HttpMethod.Post, "/v1/jobs", $$"""{ "source": "{{source}}", "actions": {{Actions}} }""");
        }
    }

    private async Task BatchesAsync(RunningApp app)
    {
        var items = string.Join(',', Sources.Select(source => $$"""{ "source": "{{source}}" }"""));
        var answer = await SendAsync(app, HttpMethod.Post, "/v1/batches", $$"""{ "items": [ {{items}} ], "actions": {{Actions}} }""");
        var batch = $"/v1/batches/{JsonDocument.Parse(answer).RootElement.GetProperty("id").GetString()}";
        await SendAsync(app, HttpMethod.Get, $"{batch}/events");
        await SendAsync(app, HttpMethod.Get, batch);
        await SendAsync(app, HttpMethod.Get, $"{batch}/jobs");
        await SendAsync(app, HttpMethod.Get, $"{batch}/jobs?state=failed");
        await SendAsync(app, HttpMethod.Get, $"{batch}/thumbnails.zip");
        await SendAsync(app, HttpMethod.Post, $"{batch}/retry");

        var wrong = string.Join(',', Refused.Select(source => $$"""{ "source": "{{source}}" }"""));
        await SendAsync(app, HttpMethod.Post, "/v1/batches", $$"""{ "items": [ {{wrong}} ], "actions": {{Actions}} }""");
        await SendAsync(
            app, HttpMethod.Post, "/v1/batches", wrong.Replace("},{", "}\n{", StringComparison.Ordinal), type: "application/x-ndjson");
        await SendAsync(
            app, HttpMethod.Post, "/v1/batches", $$"""{ "items": [ { "source": "{{Sources[0]}}", "actions": [ { "nonsense": 1 } ] } ] }""");
        await SendAsync(app, HttpMethod.Post, "/v1/batches", $$"""{ "manifest": "{{Sources[0]}}", "actions": {{Actions}} }""");
        await SendAsync(app, HttpMethod.Post, "/v1/batches", $$"""{ "items": [ "{{Sources[0]}}" ], "callback": "{{Refused[0]}}" }""");
    }

    private async Task CalledBackAsync(RunningApp app, StubServer server)
    {
        var submitter = app.Services.GetRequiredService<BatchSubmitter>();
        var batch = await submitter.SubmitAsync(
            submitter.NewBatch() with { Callback = $"http://receiver.example/hook{Query}" },
            [.. Sources.Select(source => new Job(source.ToSource(), JobActions.OnlyMeasure))],
            Token);
        await Eventually.Async(() => server.Requests.Any(head => head.StartsWith("POST /hook", StringComparison.Ordinal)));
        await SendAsync(app, HttpMethod.Get, $"/v1/batches/{batch.Id}");
    }

    private async Task<string> SendAsync(
        RunningApp app, HttpMethod method, string address, string? body =
            null, string type = "application/json", string key = Secrets.ShopKey)
    {
        using var client = new HttpClient { BaseAddress = app.Client.BaseAddress };
        using var request = new HttpRequestMessage(
            method, address)
        { Content = body is null ? null : new StringContent(body, new MediaTypeHeaderValue(type)) };
        request.Headers.Add(RequestKey.Header, key);
        using var response = await client.SendAsync(request, Token);
        var answer = Encoding.Latin1.GetString(await response.Content.ReadAsByteArrayAsync(Token));
        _seen.Enqueue(
            string.Create(CultureInfo.InvariantCulture, $"{response.StatusCode} {response.Headers}{response.Content.Headers}{answer}"));

        return answer;
    }

    private sealed class Lines(ILogger log) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => log;

        public void Dispose()
        {
        }
    }
}
