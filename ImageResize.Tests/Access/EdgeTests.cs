using System.Globalization;
using System.Net.Http.Headers;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Access;

/// <summary>What a request may hold, just under, at and over each limit, through the real program.</summary>
public sealed class EdgeTests(Azurite azurite)
{
    private const string Measure = """[ { "measure": {} } ]""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>In turns, so that one program serves for all.</summary>
    [Fact]
    public async Task What_a_request_says_has_lengths_and_counts()
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");
        app.Images.Write("cat.jpg", TestImages.Jpeg(40, 30));

        await EdgeAsync("side", 4_096, 202, side => PostAsync(app, "/v1/jobs", Job("cat.jpg", $$"""[ { "thumbnail": { "width": {{side}} } } ]""")));
        await EdgeAsync("old side", 4_096, 200, side => app.PostAsync($"/imageapi?imagePath=cat.jpg&customizedSize={side}"));
        await EdgeAsync("actions", 17, 202, count => PostAsync(app, "/v1/jobs", Job("cat.jpg", Thumbnails(count))));
        await EdgeAsync("source", 4_096, 202, length => PostAsync(app, "/v1/jobs", Job(Path(length), Measure)));
        await EdgeAsync("web address", 2_048, 202, length => PostAsync(app, "/v1/jobs", Job("http://example.com/".PadRight(length, 'a'), Measure)));
        await EdgeAsync("batch name", 200, 202, length => PostAsync(app, "/v1/batches", $$"""{ "name": "{{new string('n', length)}}", "items": [ { "source": "cat.jpg" } ], "actions": {{Measure}} }"""));
        await EdgeAsync("items", 10_000, 202, count => PostAsync(app, "/v1/batches", $$"""{ "items": [ {{string.Join(',', Enumerable.Repeat("""{"source":"cat.jpg"}""", count))}} ], "actions": {{Measure}} }"""));
        await EdgeAsync("idempotency key", 255, 202, length => PostAsync(app, "/v1/jobs", Job("cat.jpg", Measure), new string('k', length)));
    }

    private static async Task EdgeAsync(string limit, int most, int taken, Func<int, Task<(int Status, string Body)>> sendAsync)
    {
        var (under, at, over) = (await sendAsync(most - 1), await sendAsync(most), await sendAsync(most + 1));

        Assert.Equal((limit, taken, taken, 400), (limit, under.Status, at.Status, over.Status));
    }

    private static string Job(string source, string actions) => $$"""{ "source": "{{source}}", "actions": {{actions}} }""";

    /// <summary>Each of another width: two that are the same would be refused for that.</summary>
    private static string Thumbnails(int count) =>
        $"[ {string.Join(',', Enumerable.Range(1, count - 1).Select(width => $$"""{ "thumbnail": { "width": {{width.ToString(CultureInfo.InvariantCulture)}} } }""").Prepend("""{ "measure": {} }"""))} ]";

    /// <summary>Names of a folder are 255 bytes long at most.</summary>
    private static string Path(int length) =>
        string.Concat(Enumerable.Repeat(new string('a', 99) + "/", length / 100)) + new string('b', length % 100);

    private static async Task<(int Status, string Body)> PostAsync(RunningApp app, string address, string json, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(json, new MediaTypeHeaderValue("application/json")) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await app.Client.SendAsync(request, Token);

        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }
}
