using System.Net;
using System.Text.Json;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Http.Batches;

/// <summary>GET /v1/batches, and what a retry selects.</summary>
public sealed class BatchListTests(Azurite azurite) : BatchApi(azurite)
{
    private readonly Azurite _azurite = azurite;

    [Fact]
    public async Task Batches_are_listed_the_newest_first_and_jobs_alone_are_not()
    {
        var first = await RunAsync(BatchOf("spring sale"));
        var second = await RunAsync(BatchOf("autumn"));
        using var job = await PostAsync($$"""{ "source": "a.jpg", "actions": {{Thumbnail}} }""", address: "/v1/jobs");
        var (_, folder) = await App.PostAsync("/imageapi?imagePath=sub/");
        var folderId = Text(JsonDocument.Parse(folder).RootElement, "batchId");
        await EndAsync($"/v1/batches/{folderId}");

        Assert.Equal([folderId, Text(second, "id"), Text(first, "id")], await ListAsync("/v1/batches"));
        Assert.Equal([Text(first, "id")], await ListAsync("/v1/batches?name=SPRING"));
        Assert.Equal([Text(first, "id")], await ListAsync($"/v1/batches?after={Text(second, "id")}"));
        Assert.Equal(3, (await ListAsync("/v1/batches?state=completed")).Count);
        Assert.Empty(await ListAsync("/v1/batches?state=canceled"));
    }

    [Fact]
    public async Task Many_batches_have_pages()
    {
        for (var i = 0; i < 23; i++)
        {
            using var response = await PostAsync(BatchOf($"{i}"));
        }

        var page = await JsonAsync(await App.Client.GetAsync("/v1/batches?name=", Token));
        var rest = await ListAsync(Text(page, "nextLink"));

        Assert.Equal((20, 3), (page.GetProperty("value").GetArrayLength(), rest.Count));
        Assert.Contains("&name=", Text(page, "nextLink"), StringComparison.Ordinal);
        Assert.Equal("22", Text(page.GetProperty("value")[0], "name"));
    }

    [Theory]
    [InlineData("", "nothing_failed")]
    [InlineData("?error=damaged", "nothing_failed")]
    [InlineData("?state=canceled", "nothing_failed")]
    [InlineData("?error=not_an_image,damaged", null)]
    [InlineData("?error=any", null)]
    public async Task An_error_that_a_retry_cannot_fix_is_retried_only_if_it_is_named(string query, string? code)
    {
        App.Images.Write("text.jpg", "no image"u8.ToArray());
        var batch = await RunAsync($$"""{ "items": [ { "source": "text.jpg" }, { "source": "a.jpg" } ], "actions": {{Thumbnail}} }""");

        using var response = await App.Client.PostAsync($"/v1/batches/{Text(batch, "id")}/retry{query}", content: null, Token);
        var answer = await JsonAsync(response);

        Assert.Equal(code is null ? HttpStatusCode.Accepted : HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal(code, answer.TryGetProperty("code", out var problem) ? problem.GetString() : null);
    }

    [Fact]
    public async Task Canceled_jobs_have_their_source_and_are_retried_if_asked()
    {
        await using var app = await RunningApp.StartAsync(_azurite, "--ImageResize:Role=Api");
        using var client = new HttpClient { BaseAddress = app.Client.BaseAddress };
        client.DefaultRequestHeaders.Add(RequestKey.Header, Secrets.ShopKey);
        using var submitted = await client.PostAsync(
            "/v1/batches", new StringContent(BatchOf("spring"), mediaType: new("application/json")), Token);
        var address = submitted.Headers.Location!.OriginalString;
        using var canceled = await client.DeleteAsync(address, Token);

        using var job = await client.GetAsync($"/v1/jobs/{address.Split('/')[^1]}-1", Token);
        using var failed = await client.PostAsync($"{address}/retry", content: null, Token);
        using var retried = await client.PostAsync($"{address}/retry?state=canceled", content: null, Token);

        Assert.EndsWith("/b.png", Text(await JsonAsync(job), "source"), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Accepted), (failed.StatusCode, retried.StatusCode));
        Assert.Equal(2, (await JsonAsync(retried)).GetProperty("total").GetInt32());
    }

    private static string BatchOf(string name) =>
        $$"""{ "name": "{{name}}", "items": [ { "source": "a.jpg" }, { "source": "b.png" } ], "actions": {{Thumbnail}} }""";

    private async Task<List<string>> ListAsync(string address)
    {
        using var response = await App.Client.GetAsync(address, Token);

        return [.. (await JsonAsync(response)).GetProperty("value").EnumerateArray().Select(batch => Text(batch, "id"))];
    }
}
