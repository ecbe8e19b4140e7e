using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;

namespace ImageResize.Tests.Http;

/// <summary>Names that are refused by both interfaces.</summary>
public sealed class RefusedNameTests(Azurite azurite)
{
    private const string Measure = """[ { "measure": {} } ]""";

    private static readonly string[] Refused =
    [
        "a\0.jpg", "a\n.jpg", "a\r\nSet-Cookie: a=b.jpg", "a\u001b[31m.jpg", "a\u007f.jpg", "\u0085.jpg", "..", "../a.jpg", "a/../../b.jpg",
        "..\\a.jpg", "a\\b.jpg", "..%2fa.jpg",
        "%2e%2e/a.jpg", "a%00.jpg", "/etc/passwd", "//etc/passwd", "C:\\a.jpg", "\uFFFD/../a.jpg",
        new('n', 256), string.Concat(Enumerable.Repeat("abcdefghi/", 410)),
    ];

    /// <summary>Bytes that are not UTF-8. The last line is UTF-8, and leads outside or into another header.</summary>
    private static readonly string[] Escaped =
    [
        "%c0%ae%c0%ae%c0%afa.jpg", "%e0%80%ae%e0%80%ae/a.jpg", "%f0%80%80%ae./a.jpg", "%ff%fe.jpg", "caf%e9.jpg", "%ed%a0%80.jpg",
        "cut%e6%97",
        "..%2f..%2fa.jpg", "%2e%2e%5ca.jpg", "a%00.jpg", "a%0d%0aX-Evil:%201.jpg",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Trait("Abuse", "1")]
    [Fact]
    public async Task A_path_outside_gets_the_same_reply_whether_the_file_exists_or_not()
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");
        using var outside = new TemporaryFolder();
        outside.Write("there.jpg", TestImages.Jpeg(9, 9));
        var beside = Path.GetFileName(outside.Path);

        foreach (var (there, missing) in ((string, string)[])
            [($"../{beside}/there.jpg", $"../{beside}/missing.jpg"),
                (outside["there.jpg"], outside["missing.jpg"]), ($"../{beside}/", $"../{beside}-missing/")])
        {
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
            {
                var answer = await app.SendAsync(method, $"/imageapi?imagePath={there}");

                Assert.Equal(400, answer.Status);
                Assert.Equal(answer, await app.SendAsync(method, $"/imageapi?imagePath={missing}"));
            }
        }
    }

    [Fact]
    public async Task An_invalid_name_is_refused_by_both_interfaces()
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");

        foreach (var name in Refused)
        {
            using var response = await app.Client.PostAsJsonAsync(
                "/v1/jobs", new { source = name, actions = JsonDocument.Parse(Measure).RootElement }, Token);
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Token);

            Assert.True(400 == (int)response.StatusCode, $"{name}: {problem}");
            Assert.DoesNotContain(response.Headers, header => header.Key.Contains("Cookie", StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(app.Images.Path, problem.GetRawText(), StringComparison.Ordinal);
            Assert.Equal(400, (await app.GetAsync($"/imageapi?imagePath={Uri.EscapeDataString(name)}")).Status);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(app.Images.Path));
    }

    [Trait("Abuse", "1")]
    [Fact]
    public async Task Escaped_names_that_are_not_UTF8_or_lead_outside_are_refused()
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");

        foreach (var escaped in Escaped)
        {
            foreach (var method in (string[])["GET", "POST"])
            {
                using var request = await RawRequest.SendAsync(
                    app.Client.BaseAddress!,
                    $"{method} /imageapi?imagePath={escaped} HTTP/1.1\nHost: localhost\nx-functions-key: {Secrets.ShopKey}\n" +
                    "Content-Length: 0\nConnection: close\n\n");

                var answer = await request.ReadAsync();

                Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
                Assert.Contains("application/json", answer, StringComparison.Ordinal);
                Assert.DoesNotContain("\nX-Evil", answer, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>A lone surrogate in JSON is not a valid character.</summary>
    [Trait("Abuse", "4")]
    [Theory]
    [InlineData("/v1/jobs", """{ "source": "a\ud800.jpg", "actions": [ { "measure": {} } ] }""")]
    [InlineData("/v1/batches", """{ "items": [ { "source": "a\ud800.jpg", "actions": [ { "measure": {} } ] } ] }""")]
    [InlineData("/v1/batches", """{ "items": [ { "source": "a.jpg", "a\ud800": 1 } ] }""")]
    [InlineData("/v1/batches", """{ "name": "\ud800", "items": [ { "source": "a.jpg", "actions": [ { "measure": {} } ] } ] }""")]
    [InlineData("/v1/batches", """{ "name": "a\u001b[31m", "items": [ { "source": "a.jpg", "actions": [ { "measure": {} } ] } ] }""")]
    public async Task Lone_surrogates_and_control_characters_in_JSON_are_refused(string address, string body)
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");

        using var response = await app.Client.PostAsync(address, new StringContent(body, Encoding.UTF8, "application/json"), Token);

        Assert.Equal(400, (int)response.StatusCode);
    }

    [Trait("Abuse", "7")]
    [Theory]
    [InlineData("name=%ff", "The query must be UTF-8.")]
    [InlineData("name=a&name=b", "name is given 2 times. Give it once.")]
    [InlineData("name=a%1bb", "name must not contain control characters.", "name")]
    [InlineData("preset=a&preset=a", "preset is given 2 times. Give it once.")]
    [InlineData("callback=https://example.com/a&callback=https://example.com/b", "callback is given 2 times. Give it once.")]
    public async Task Query_parameters_of_an_NDJSON_batch_must_be_single_UTF8_values(string query, string why, string? value = null)
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");
        const string line = """{ "source": "a.jpg", "actions": [ { "measure": {} } ] }""";

        using var response =
            await app.Client.PostAsync($"/v1/batches?{query}", new StringContent(line, Encoding.UTF8, "application/x-ndjson"), Token);

        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Token);
        var said = value is null ? problem.GetProperty("detail") : problem.GetProperty("errors").GetProperty(value)[0];
        Assert.Equal((400, why), ((int)response.StatusCode, said.GetString()));
    }
}
