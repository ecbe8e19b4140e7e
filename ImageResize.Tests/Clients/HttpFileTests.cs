using System.Net;
using System.Text;
using System.Text.Json;
using ImageResize.Functions.Hosting;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Clients;

/// <summary>All requests of clients/imageresize.http, in their order, without a key and with one.</summary>
public sealed class HttpFileTests(Azurite azurite)
{
    private static readonly string Root = RepositoryRoot.Find()!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData(Secrets.ShopKey)]
    public async Task Every_request_is_answered_as_its_title_says(string key)
    {
        await using var app = await StartAsync();
        var file = HttpFile.Parse(await File.ReadAllTextAsync(Path.Combine(Root, "clients", "imageresize.http"), Token));
        var variables = new Dictionary<string, string>(file.Variables)
        {
            ["baseUrl"] = app.Client.BaseAddress!.GetLeftPart(UriPartial.Authority),
            ["key"] = key,
        };

        var unexpected = new List<string>();
        foreach (var request in file.Requests)
        {
            var (status, body) = await SendAsync(app.Client, request, variables);
            if (request.RefusedStatus is { } refused ? status != refused : status is < 200 or > 299)
            {
                unexpected.Add($"{request.Title}: {status} {body}");
            }

            TakeIds(body, variables);
        }

        Assert.InRange(file.Requests.Count, 20, 100);
        Assert.Empty(unexpected);
    }

    private async Task<RunningApp> StartAsync()
    {
        var app = await RunningApp.StartAsync(azurite);
        app.Client.DefaultRequestHeaders.Remove(RequestKey.Header);
        SampleImages.CopyTo(app.Images);

        return app;
    }

    /// <summary>Repeats the request for the result of a queued job, as a user would.</summary>
    private static Task<Reply> SendAsync(
        HttpClient client, HttpFileRequest request, Dictionary<string, string> variables) => Eventually.Async(async () =>
        {
            using var message = new HttpRequestMessage(request.Method, Fill(request.Address, variables));
            if (request.Body is not null)
            {
                message.Content = new StringContent(Fill(request.Body, variables), Encoding.UTF8);
                message.Content.Headers.Remove("Content-Type");
            }

            foreach (var (name, value) in request.Headers)
            {
                _ = name.StartsWith("Content-", StringComparison.Ordinal)
                    ? message.Content!.Headers.TryAddWithoutValidation(name, value)
                    : message.Headers.TryAddWithoutValidation(name, Fill(value, variables));
            }

            using var response = await client.SendAsync(message, Token);
            var body = await response.Content.ReadAsStringAsync(Token);
            var isQueued = response.StatusCode == HttpStatusCode.NotFound && body.Contains("try again later", StringComparison.Ordinal);

            return isQueued ? null : new Reply((int)response.StatusCode, body);
        });

    private static string Fill(string text, Dictionary<string, string> variables) =>
        variables.Aggregate(text, (filled, variable) =>
            filled.Replace($"{{{{{variable.Key}}}}}", variable.Value, StringComparison.Ordinal));

    /// <summary>Replaces the placeholders that users replace by hand.</summary>
    private static void TakeIds(string body, Dictionary<string, string> variables)
    {
        if (!body.StartsWith('{'))
        {
            return;
        }

        var answer = JsonDocument.Parse(body).RootElement;
        Take("jobId", "jobId");
        Take("batchId", "batchId");
        if (answer.TryGetProperty("links", out var links))
        {
            Take("id", links.TryGetProperty("jobs", out _) ? "batchId" : "jobId");
        }
        else if (answer.TryGetProperty("bytes", out _))
        {
            variables["uploadId"] = answer.GetProperty("source").GetString()!.Replace("upload://", "", StringComparison.Ordinal);
        }

        void Take(string property, string variable)
        {
            if (answer.TryGetProperty(property, out var id))
            {
                variables[variable] = id.GetString()!;
            }
        }
    }

    private sealed record Reply(int Status, string Body);
}
