using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using ImageResize.Core.Identifiers;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Http;

/// <summary>What one caller has created doesn't exist for another, at every address with an id, standalone and under the host.</summary>
[Collection(PublishedAppTests.Name)]
public sealed partial class OwnershipTests(Azurite azurite, PublishedApp published)
{
    /// <summary>Every address with an id. <c>{upload}</c>, <c>{job}</c> and <c>{batch}</c> stand for the ids of the owner.</summary>
    public static TheoryData<string, string> Addresses() => new()
    {
        { "GET", "/result?jobId={job}" },
        { "HEAD", "/result?jobId={job}" },
        { "GET", "/v1/jobs/{job}" },
        { "HEAD", "/v1/jobs/{job}" },
        { "GET", "/v1/jobs/{job}/thumbnails/0" },
        { "HEAD", "/v1/jobs/{job}/thumbnails/0" },
        { "GET", "/v1/batches/{batch}" },
        { "HEAD", "/v1/batches/{batch}" },
        { "GET", "/v1/batches/{batch}/jobs" },
        { "HEAD", "/v1/batches/{batch}/jobs" },
        { "GET", "/v1/batches/{batch}/events" },
        { "GET", "/v1/batches/{batch}/thumbnails.zip" },
        { "HEAD", "/v1/batches/{batch}/thumbnails.zip" },
        { "POST", "/v1/batches/{batch}/retry" },
        { "DELETE", "/v1/batches/{batch}" },
        { "GET", "/v1/images/{upload}" },
        { "HEAD", "/v1/images/{upload}" },
        { "DELETE", "/v1/jobs/{job}" },
        { "DELETE", "/v1/batches/{batch}?purge=true" },
        { "DELETE", "/v1/images/{upload}" },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_caller_finds_nothing_standalone()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        using var stranger = new HttpClient { BaseAddress = app.Client.BaseAddress };
        stranger.DefaultRequestHeaders.Add(RequestKey.Header, Secrets.PrinterKey);

        await CheckAsync(app.Client, stranger);
    }

    [Fact]
    public async Task Another_caller_finds_nothing_under_the_host()
    {
        using var images = new TemporaryFolder();
        await using var host = await published.StartAsync(azurite, images);
        using var owner = ClientOf(host, HttpTriggers.FunctionKey);
        using var stranger = ClientOf(host, HttpTriggers.MasterKey);

        await CheckAsync(owner, stranger);
    }

    [Fact]
    public async Task All_addresses_with_an_id_are_checked()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        var endpoints =
            from endpoint in app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            where endpoint.RoutePattern.GetParameter("id") is not null
            from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
            select $"{method} {Template().Replace(endpoint.RoutePattern.RawText!, "*")}";

        var here = Addresses().Select(address => $"{address.Data.Item1} {Template().Replace(address.Data.Item2, "*")}")
            .Select(address => address.Replace("thumbnails/0", "thumbnails/*", StringComparison.Ordinal));

        Assert.Empty(endpoints.Except(here));
    }

    [Fact]
    public async Task A_developer_without_a_key_may_use_everything()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        var ids = await CreateAsync(app.Client);
        using var developer = new HttpClient { BaseAddress = app.Client.BaseAddress };

        var statuses = await Task.WhenAll(ids.Select(async id =>
            (int)(await SendAsync(developer, "GET", id.Key == "upload" ? $"/v1/images/{id.Value}" : $"/v1/jobs/{id.Value}")).Status));

        Assert.Equal([200, 200, 404], statuses.OrderBy(status => status));
    }

    [Fact]
    public async Task An_id_of_an_earlier_version_belongs_to_everybody()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        var old = Guid.CreateVersion7();

        Assert.True(BatchId.TryParse(old.ToString(), out var id));
        Assert.Null(id.Owner);
        Assert.True(CurrentCaller.MayUse(id));
        Assert.False(CurrentCaller.MayUse(BatchId.New(DateTimeOffset.UtcNow, owner: OwnerTag.Of("shop"))));
    }

    [Fact]
    public async Task A_manifest_can_name_uploads_of_its_own_caller_only()
    {
        var container = Azurite.UniquePrefix();
        await using var app = await RunningApp.StartAsync(azurite, $"--ImageResize:Blobs:AllowedContainers={container}");
        using var printer = new HttpClient { BaseAddress = app.Client.BaseAddress };
        printer.DefaultRequestHeaders.Add(RequestKey.Header, Secrets.PrinterKey);
        var upload = (await CreateAsync(printer))["upload"];
        var blobs = new BlobServiceClient(azurite.ConnectionString).GetBlobContainerClient(container);
        await blobs.CreateAsync(cancellationToken: Token);
        await blobs.UploadBlobAsync("all.ndjson", BinaryData.FromString($$"""{ "source": "upload://{{upload}}" }"""), Token);

        Assert.Contains("\"succeeded\"", await RunManifestAsync(printer, container), StringComparison.Ordinal);
        Assert.Contains("source_not_found", await RunManifestAsync(app.Client, container), StringComparison.Ordinal);
    }

    /// <returns>The only job of the batch, after it has ended.</returns>
    private static async Task<string> RunManifestAsync(HttpClient caller, string container)
    {
        var batch = Id(await SendAsync(
            caller,
            "POST",
            "/v1/batches",
            $$"""{ "manifest": "blob://{{container}}/all.ndjson", "actions": [ { "measure": {} } ] }"""));

        return await Eventually.Async(async () =>
        {
            var (_, body) = await SendAsync(caller, "GET", $"/v1/batches/{batch}/jobs");

            return EndedJob().IsMatch(body) ? body : null;
        });
    }

    private static async Task CheckAsync(HttpClient owner, HttpClient stranger)
    {
        var ids = await CreateAsync(owner);
        foreach (var (method, template) in Addresses().Select(address => address.Data))
        {
            var never = BatchId.New(DateTimeOffset.UtcNow, owner: OwnerTag.Of("nobody")).ToString();
            var other = await SendAsync(stranger, method, Fill(template, ids));
            var unknown = await SendAsync(stranger, method, Fill(template, ids.Keys.ToDictionary(key => key, _ => never)));

            Assert.Equal((template, unknown.Status, Blank(unknown.Body)), (template, other.Status, Blank(other.Body)));
            Assert.Equal(404, other.Status);
        }

        var job = await SendAsync(stranger, "POST", "/v1/jobs", JobOf($"upload://{ids["upload"]}"));
        Assert.Equal((400, true), (job.Status, job.Body.Contains("source_not_found", StringComparison.Ordinal)));

        Assert.DoesNotContain(ids["batch"], (await SendAsync(stranger, "GET", "/v1/batches")).Body, StringComparison.Ordinal);
        Assert.Contains(ids["batch"], (await SendAsync(owner, "GET", "/v1/batches")).Body, StringComparison.Ordinal);
        Assert.Equal(400, (await SendAsync(stranger, "GET", $"/v1/batches?after={ids["batch"]}")).Status);
        Assert.DoesNotContain(ids["upload"], (await SendAsync(stranger, "GET", "/v1/images")).Body, StringComparison.Ordinal);
        Assert.Contains(ids["upload"], (await SendAsync(owner, "GET", "/v1/images")).Body, StringComparison.Ordinal);
        Assert.Equal(400, (await SendAsync(stranger, "GET", $"/v1/images?after={ids["upload"]}")).Status);

        // The addresses are valid: their owner gets other responses, and nothing has been canceled.
        foreach (var (method, template) in Addresses().Select(address => address.Data))
        {
            var (status, body) = await SendAsync(owner, method, Fill(template, ids));

            Assert.True(status == ExpectedStatus(method, template), $"{method} {template}: {status} {body}");
        }
    }

    private static int ExpectedStatus(string method, string template) => (method, template) switch
    {
        ("POST", _) => 409,
        ("DELETE", not "/v1/batches/{batch}") => 204,
        _ => 200,
    };

    /// <summary>An upload, a job with a thumbnail of it, and a batch of two; all have ended.</summary>
    private static async Task<Dictionary<string, string>> CreateAsync(HttpClient owner)
    {
        using var image = new ByteArrayContent(TestImages.Jpeg(90, 60)) { Headers = { ContentType = new("image/jpeg") } };
        var uploaded = await ReadAsync(await owner.PostAsync("/v1/images", image, Token));
        var source = JsonDocument.Parse(uploaded.Body).RootElement.GetProperty("source").GetString()!;
        var job = Id(await SendAsync(owner, "POST", "/v1/jobs", JobOf(source)));
        var batch = Id(await SendAsync(
            owner,
            "POST",
            "/v1/batches",
            $$"""{ "items": [ { "source": "{{source}}" }, { "source": "{{source}}" } ], """ +
            """ "actions": [ { "thumbnail": { "width": 30 } } ] }"""));
        foreach (var address in (string[])[$"/v1/jobs/{job}?wait=20", $"/v1/batches/{batch}"])
        {
            await Eventually.Async(async () => EndedState().IsMatch((await SendAsync(owner, "GET", address)).Body));
        }

        return new() { ["upload"] = source["upload://".Length..], ["job"] = job, ["batch"] = batch };
    }

    private static string JobOf(string source) =>
        $$"""{ "source": "{{source}}", "actions": [ { "thumbnail": { "width": 20 } } ] }""";

    private static HttpClient ClientOf(FunctionsHostDouble host, string key) => new()
    {
        BaseAddress = host.Client.BaseAddress,
        DefaultRequestHeaders = { { RequestKey.Header, key } },
    };

    private static async Task<(int Status, string Body)> SendAsync(
        HttpClient client, string method, string address, string? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type));
        }

        using var response = await client.SendAsync(request, Token);

        return await ReadAsync(response);
    }

    private static async Task<(int Status, string Body)> ReadAsync(HttpResponseMessage response) =>
        ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Token));

    private static string Id((int Status, string Body) reply) =>
        JsonDocument.Parse(reply.Body).RootElement.GetProperty("id").GetString()!;

    private static string Fill(string template, Dictionary<string, string> ids) =>
        ids.Aggregate(template, (address, id) => address.Replace($"{{{id.Key}}}", id.Value, StringComparison.Ordinal));

    /// <summary>Without what differs between two requests: ids and the trace.</summary>
    private static string Blank(string body) => TraceId().Replace(AnyId().Replace(body, "ID"), "");

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Template();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex AnyId();

    [GeneratedRegex("\"traceId\":\"[^\"]*\"")]
    private static partial Regex TraceId();

    [GeneratedRegex("\"state\":\"(succeeded|failed)\"")]
    private static partial Regex EndedJob();

    [GeneratedRegex("\"state\":\"(succeeded|completed)\"")]
    private static partial Regex EndedState();
}
