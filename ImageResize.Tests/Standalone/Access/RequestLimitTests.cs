using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;

namespace ImageResize.Tests.Standalone.Access;

/// <summary>The limits of requests, tested just below, at and above each limit.</summary>
public sealed class RequestLimitTests(Azurite azurite)
{
    private const string Measure = """[ { "measure": {} } ]""";
    private const string Item = $$"""{ "source": "cat.jpg", "actions": {{Measure}} }""";
    private const string Ndjson = "application/x-ndjson";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>One after another, because they share one program.</summary>
    [Fact]
    public async Task Lengths_and_counts_in_a_request_are_limited()
    {
        await using var app = await RunningApp.StartAsync(
            azurite,
            "--ImageResize:Role=Api",
            "--ImageResize:Blobs:AllowedContainers=photos",
            $"--ImageResize:Callbacks:Secrets={TestReceivers.Secret()}");
        app.Images.Write("cat.jpg", TestImages.Jpeg(40, 30));

        await EdgeAsync(
            "side", 4_096, 202, side => PostAsync(app, "/v1/jobs", Job("cat.jpg", $$"""[ { "thumbnail": { "width": {{side}} } } ]""")));
        await EdgeAsync("old side", 4_096, 200, side => app.PostAsync($"/imageapi?imagePath=cat.jpg&customizedSize={side}"));
        await EdgeAsync("actions", 17, 202, count => PostAsync(app, "/v1/jobs", Job("cat.jpg", Thumbnails(count))));
        await EdgeAsync("source", 4_096, 202, length => PostAsync(app, "/v1/jobs", Job(Path(length), Measure)));
        await EdgeAsync(
            "web address", 2_048, 202, length => PostAsync(app, "/v1/jobs", Job("http://example.com/".PadRight(length, 'a'), Measure)));
        await EdgeAsync(
            "blob name", 1_024, 202, length => PostAsync(app, "/v1/jobs", Job("blob://photos/".PadRight(14 + length, 'a'), Measure)));
        await EdgeAsync("quality", 100, 202, quality =>
            PostAsync(app, "/v1/jobs", Job("cat.jpg", $$"""[ { "thumbnail": { "width": 9, "quality": {{quality}} } } ]""")));
        await EdgeAsync("wait", 60, 404, seconds => app.GetAsync($"/v1/jobs/nonsense?wait={seconds}"));
        await EdgeAsync("callback", 2_048, 202, length => PostAsync(app, "/v1/batches",
            $$"""{ "items": [ {{Item}} ], "callback": { "url": "{{"https://example.com/".PadRight(length, 'a')}}" } }"""));
        await EdgeAsync(
            "batch name of lines", 200, 202, length => PostAsync(app, $"/v1/batches?name={new string('n', length)}", Item, type: Ndjson));
        await EdgeAsync("item", 32_768, 202, length => PostAsync(app, "/v1/batches", $$"""{ "items": [ {{Padded(length)}} ] }"""));
        await EdgeAsync("line", 32_768, 202, length => PostAsync(app, "/v1/batches", $"{Padded(length)}\r\n{Item}", type: Ndjson));
        await EdgeAsync("batch name", 200, 202, length => PostAsync(app, "/v1/batches",
            $$"""{ "name": "{{new string('n', length)}}", "items": [ { "source": "cat.jpg" } ], "actions": {{Measure}} }"""));
        await EdgeAsync("items", 10_000, 202, count => PostAsync(
            app, "/v1/batches", $$"""{ "items": [ {{Repeat("""{"source":"cat.jpg"}""", count)}} ], "actions": {{Measure}} }"""));
        await EdgeAsync(
            "idempotency key", 255, 202, length => PostAsync(app, "/v1/jobs", Job("cat.jpg", Measure), new string('k', length)));
    }

    /// <summary>All lines are invalid: that there are too many is reported first.</summary>
    [Fact]
    public async Task A_batch_of_lines_has_at_most_100_000_and_the_first_hundred_errors_are_listed()
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");

        foreach (var (lines, code, named) in ((int, string, int)[])
            [(99, "invalid_items", 99), (100, "invalid_items", 100), (101, "invalid_items", 100),
                (99_999, "invalid_items", 100), (100_000, "invalid_items", 100), (100_001, "too_many_items", 0)])
        {
            var (status, body) = await PostAsync(app, "/v1/batches", string.Concat(Enumerable.Repeat("7\n", lines)), type: Ndjson);

            var problem = JsonDocument.Parse(body).RootElement;
            Assert.Equal(
                (lines, 400, code, named),
                (lines, status, problem.GetProperty("code")
                    .GetString(), problem.TryGetProperty("items", out var items) ? items.GetArrayLength() : 0));
        }
    }

    [Fact]
    public async Task A_page_contains_at_most_100_jobs()
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");

        foreach (var (jobs, onPage, goesOn) in ((int, int, bool)[])[(99, 99, false), (100, 100, false), (101, 100, true)])
        {
            var (_, batch) = await PostAsync(app, "/v1/batches", string.Concat(Enumerable.Repeat(Item + "\n", jobs)), type: Ndjson);
            var page = await app.Client.GetFromJsonAsync<JsonElement>(
                JsonDocument.Parse(batch).RootElement.GetProperty("links").GetProperty("jobs").GetString(), Token);

            Assert.Equal(
                (jobs, onPage, goesOn), (jobs, page.GetProperty("value").GetArrayLength(), page.TryGetProperty("nextLink", out _)));
        }
    }

    [Theory]
    [InlineData(32_767, 200)]
    [InlineData(32_768, 200)]
    [InlineData(32_769, 431)]
    public async Task The_total_length_of_headers_is_limited(int length, int status)
    {
        const int each = 4_096;
        const string rest = "Host: localhost\r\nConnection: close\r\n";
        var lines = Enumerable.Range(0, length / each)
            .Select(i => $"X-{i}: ".PadRight(each - 2 - (i == 0 ? rest.Length - (length % each) : 0), 'a') + "\r\n");

        Assert.Equal(status, await StatusAsync($"GET /health/live HTTP/1.1\r\n{rest}{string.Concat(lines)}\r\n"));
    }

    [Theory]
    [InlineData(99, 200)]
    [InlineData(100, 200)]
    [InlineData(101, 431)]
    public async Task The_number_of_headers_is_limited(int number, int status)
    {
        var lines = Enumerable.Range(0, number - 2).Select(i => $"X-{i}: a\n");

        Assert.Equal(status, await StatusAsync($"GET /health/live HTTP/1.1\nHost: localhost\nConnection: close\n{string.Concat(lines)}\n"));
    }

    /// <summary>Sends only the headers with <c>Expect: 100-continue</c>. The response is 100, or 413.</summary>
    [Theory]
    [InlineData("/v1/jobs", "application/json", 65_536)]
    [InlineData("/v1/batches", "application/json", 16_777_216)]
    [InlineData("/v1/batches", Ndjson, 104_857_600)]
    [InlineData("/v1/images", "multipart/form-data; boundary=x", 104_857_600)]
    public async Task The_length_of_a_body_is_limited(string address, string type, int most)
    {
        foreach (var (length, status) in ((int, int)[])[(most - 1, 100), (most, 100), (most + 1, 413)])
        {
            Assert.Equal(
                (length, status),
                (length, await StatusAsync(
                    $"POST {address} HTTP/1.1\nHost: localhost\nExpect: 100-continue\nContent-Type: {type}\n" +
                    $"Content-Length: {length}\n\n")));
        }
    }

    [Fact]
    public async Task The_length_of_a_forms_boundary_is_limited()
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");

        await EdgeAsync("boundary", 70, 201, async length =>
        {
            var boundary = new string('b', length);
            using var form = new ByteArrayContent([.. Encoding.ASCII.GetBytes($"--{boundary}\r\nContent-Type: image/jpeg\r\n\r\n"),
                .. TestImages.Jpeg(40, 30), .. Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n")]);
            form.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={boundary}");
            using var response = await app.Client.PostAsync("/v1/images", form, Token);

            return ((int)response.StatusCode, "");
        });
    }

    /// <summary>Whether the repeated response is the same. Each problem has its own trace id.</summary>
    [Fact]
    public async Task Responses_up_to_512_KiB_are_stored_for_repeated_requests()
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");
        const int most = 512 * 1_024;
        var names = Enumerable.Repeat(new string('p', 30_000), 17).ToArray();
        var (_, answer) = await PostAsync(app, "/v1/batches", Unknown([.. names, ""]));

        foreach (var (length, isKept) in ((int, bool)[])[(most - 1, true), (most, true), (most + 1, false)])
        {
            var body = Unknown([.. names, new string('p', length - answer.Length)]);

            var (first, second) =
                (await PostAsync(app, "/v1/batches", body, $"key-{length}"), await PostAsync(app, "/v1/batches", body, $"key-{length}"));

            Assert.Equal((400, length, length, isKept), (first.Status, first.Body.Length, second.Body.Length, first.Body == second.Body));
        }

        static string OfPreset(string preset) => $$"""{ "source": "cat.jpg", "actions": [ { "preset": "{{preset}}" } ] }""";

        static string Unknown(string[] presets) => $$"""
            { "items": [ {{string.Join(',', presets.Select(OfPreset))}} ] }
            """;
    }

    /// <summary>Measuring does not read the whole source.</summary>
    [Fact]
    public async Task The_length_of_a_source_in_bytes_is_limited()
    {
        const int most = 20_000;
        await using var app = await RunningApp.StartAsync(azurite, $"--ImageResize:Sources:MaxBytes={most}");

        foreach (var (length, error) in ((int, string?)[])[(most - 1, null),
            (most, null), (most + 1, $"The image is larger than {most} bytes")])
        {
            byte[] image = [.. TestImages.Jpeg(40, 30), .. new byte[most]];
            app.Images.Write("cat.jpg", image[..length]);

            var measured = await app.ResultAsync(await app.SubmitAsync(HttpMethod.Get, "/imageapi?imagePath=cat.jpg"));
            var resized = await app.ResultAsync(await app.SubmitAsync(HttpMethod.Post, "/imageapi?imagePath=cat.jpg"));

            Assert.Contains("\"Width\":40", measured, StringComparison.Ordinal);
            Assert.Equal(
                error is null ? """{"Message":"/ImageResize/images/resized/cat_resized.jpg","Resize":true}"""
                    : $$"""{"Message":"{{error}}","Resize":false}""",
                resized);
        }
    }

    private static async Task EdgeAsync(string limit, int most, int taken, Func<int, Task<(int Status, string Body)>> sendAsync)
    {
        var (under, at, over) = (await sendAsync(most - 1), await sendAsync(most), await sendAsync(most + 1));

        Assert.Equal((limit, taken, taken, 400), (limit, under.Status, at.Status, over.Status));
    }

    private static string Job(string source, string actions) => $$"""{ "source": "{{source}}", "actions": {{actions}} }""";

    private static string Padded(int length) => "{".PadRight(1 + length - Item.Length) + Item[1..];

    /// <summary>Each has another width, because duplicates are refused.</summary>
    private static string Repeat(string item, int count) => string.Join(',', Enumerable.Repeat(item, count));

    private static string Thumbnails(int count) =>
        $"[ {string.Join(',', Enumerable.Range(1, count - 1).Select(OfWidth).Prepend("""{ "measure": {} }"""))} ]";

    private static string OfWidth(int width) =>
        $$"""{ "thumbnail": { "width": {{width.ToString(CultureInfo.InvariantCulture)}} } }""";

    /// <summary>A name in a folder has at most 255 bytes.</summary>
    private static string Path(int length) =>
        string.Concat(Enumerable.Repeat(new string('a', 99) + "/", length / 100)) + new string('b', length % 100);

    private static async Task<(int Status, string Body)> PostAsync(
        RunningApp app, string address, string body, string? key = null, string type = "application/json")
    {
        using var request =
            new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(body, new MediaTypeHeaderValue(type)) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await app.Client.SendAsync(request, Token);

        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }

    private async Task<int> StatusAsync(string text)
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");
        using var request = await RawRequest.SendAsync(app.Client.BaseAddress!, text);

        return int.Parse((await request.ReadLineAsync()).Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
