using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ImageResize.Core.Jobs;
using ImageResize.Functions.Standalone.LocalStorage;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;
using ImageResize.Tests.Support.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ImageResize.Tests.Http;

/// <summary>
/// Names that mean something to a shell, a browser, Windows or libvips, through both interfaces: plain names here, or refused.
/// </summary>
public sealed class HostileNameTests(Azurite azurite)
{
    private const string Thumbnail = """[ { "thumbnail": { "width": 40 } } ]""";
    private const string Measured = """{"Height":60,"Result":"Get the size of target image successfully.","Width":80}""";

    private static readonly string[] Files =
    [
        "a.jpg[shrink=8]", "options.jpg[page=9]", "name.jpg[option]", "text.mat", "CON.jpg", "NUL", "aux", "COM1.jpg", "-rf.jpg",
        "$(id).jpg", "`id`.jpg", "'; drop.jpg",
        "\u202Egpj.exe", "zero\u200Bwidth.jpg", "e\u0301.jpg", "\u00e9.jpg", "\U0001F408.jpg", " leading.jpg", "trailing.jpg ",
        "trailing.jpg.", "...", "what?#&=.jpg",
        "100%2ejpg", "a%20b.jpg", "%ff%fe.jpg", "a%zz%.jpg", "a+b.jpg", "\"quoted\".jpg", "<script>.jpg", "a:b.jpg", "a*b|c.jpg", "~",
        new string('n', 251) + ".jpg",
    ];

    private static readonly string[] Refused =
    [
        "a\0.jpg", "a\n.jpg", "a\r\nSet-Cookie: a=b.jpg", "a\u001b[31m.jpg", "a\u007f.jpg", "\u0085.jpg", "..", "../a.jpg", "a/../../b.jpg",
        "..\\a.jpg", "a\\b.jpg", "..%2fa.jpg",
        "%2e%2e/a.jpg", "a%00.jpg", "a//b.jpg", "/etc/passwd", "//etc/passwd", "C:\\a.jpg", "\uFFFD/../a.jpg",
        new('n', 256), string.Concat(Enumerable.Repeat("abcdefghi/", 410)),
    ];

    /// <summary>
    /// Bytes that are no text, as no client of ours sends them; the last ones are text, and lead out or into another header.
    /// </summary>
    private static readonly string[] Escaped =
    [
        "%c0%ae%c0%ae%c0%afa.jpg", "%e0%80%ae%e0%80%ae/a.jpg", "%f0%80%80%ae./a.jpg", "%ff%fe.jpg", "caf%e9.jpg", "%ed%a0%80.jpg",
        "cut%e6%97",
        "..%2f..%2fa.jpg", "%2e%2e%5ca.jpg", "a%00.jpg", "a%0d%0aX-Evil:%201.jpg",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Trait("Abuse", "8")]
    [Fact]
    public async Task A_file_of_any_name_is_found_and_nothing_lands_outside()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "NOT RUN: Windows has no files of these names.");
        await using var app = await RunningApp.StartAsync(azurite);
        Array.ForEach(Files, name => app.Images.Write(name, TestImages.Jpeg(80, 60)));

        var jobs = await Task.WhenAll(Files.Select(name => SubmitAsync(app, name)));
        var measured =
            await Task.WhenAll(Files.Select(name => app.SubmitAsync(HttpMethod.Get, $"/imageapi?imagePath={Uri.EscapeDataString(name)}")));

        foreach (var (name, address, id) in Files.Zip(jobs, measured))
        {
            var job = await app.EndedAsync(address);
            Assert.True(job.GetProperty("state").GetString() == "succeeded", $"{name}: {job}");
            Assert.Equal($"/ImageResize/images/{name}", job.GetProperty("source").GetString());
            Assert.NotEmpty(await app.Client.GetByteArrayAsync(job.GetProperty("thumbnails")[0].GetProperty("href").GetString(), Token));
            Assert.Equal((name, Measured), (name, await app.ResultAsync(id)));
        }

        // The folder holds what was put there and one folder of ours, with one thumbnail for each and the place where they are written
        // first.
        Assert.Equal([.. Files.Append("resized").Order(StringComparer.Ordinal)], Names(app.Images.Path));
        Assert.Equal(Files.Length, Names(app.Images["resized"]).Except([".unfinished"]).Count());
    }

    /// <summary>Every source has a height of its own, so that its thumbnails tell whose they are.</summary>
    [Trait("Abuse", "9")]
    [Fact]
    public async Task Names_that_are_nearly_the_same_have_outputs_of_their_own()
    {
        string[] sources =
        [
            "a.jpg", "a.png", "a.webp", "a.jpg.webp", "a.JPG", "a", "x/a.jpg", "y/a.jpg", "a_resized.jpg", "a_resizedTo40.jpg",
            "a_resizedTo40.png",
            new string('n', 250) + "1.jpg", new string('n', 250) + "2.jpg", new string('n', 250) + "2.png",
        ];
        await using var app = await RunningApp.StartAsync(azurite);
        foreach (var (i, source) in sources.Index())
        {
            app.Images.Write(source, TestImages.Jpeg(80, 20 + (2 * i)));
        }

        var expected = new List<(string Place, int Height)>();
        foreach (var (i, source) in sources.Index())
        {
            var job = await app.EndedAsync(await SubmitAsync(
                app, source, """[ { "thumbnail": { "width": 40 } }, { "thumbnail": { "width": 40, "format": "webp" } } ]"""));
            var old = await app.SubmitAsync(HttpMethod.Post, $"/imageapi?imagePath={source}&customizedSize=40");
            var places = job.GetProperty("thumbnails").EnumerateArray().Select(made => made.GetProperty("source").GetString()!)
                .Append(JsonDocument.Parse(await app.ResultAsync(old)).RootElement.GetProperty("Message").GetString()!);
            expected.AddRange(places.Select(place => (place, 10 + i)));
        }

        Assert.Equal(expected.Count, expected.Select(made => made.Place).Distinct().Count());
        Assert.All(expected, made =>
        {
            using var thumbnail = NetVips.Image.NewFromBuffer(File.ReadAllBytes(app.Images[made.Place["/ImageResize/images/".Length..]]));
            Assert.Equal((made.Place, 40, made.Height), (made.Place, thumbnail.Width, thumbnail.Height));
        });
    }

    [Trait("Abuse", "1")]
    [Fact]
    public async Task A_path_that_leads_out_is_answered_alike_whether_there_is_something_or_not()
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

    /// <summary>Whoever may put files into the folder can name them as they like.</summary>
    [Trait("Abuse", "4")]
    [Fact]
    public async Task Names_found_in_a_folder_leave_the_log_its_lines()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "NOT RUN: Windows has no files of these names.");
        var log = new TestLog<JobRunner>();
        await using var app =
            await RunningApp.StartAsync(azurite.ConnectionString, services => services.AddSingleton<ILogger<JobRunner>>(log));
        app.Images.Write("odd/new\nline\u001b[31m\r.jpg", "no image"u8.ToArray());

        var batch = JsonDocument.Parse((await app.PostAsync("/imageapi?imagePath=odd")).Body).RootElement.GetProperty("batchId")
            .GetString();
        var result = await app.ResultAsync($"{batch}-0");

        Assert.Contains("not a valid image format", result, StringComparison.Ordinal);
        Assert.Contains(
            log.Lines, line => line.Contains("refused: /ImageResize/images/odd/new?line?[31m?.jpg: ", StringComparison.Ordinal));
    }

    /// <summary>As files from an old Japanese or French disk are named: of a folder they fail for themselves, and say why.</summary>
    [Trait("Abuse", "8")]
    [Fact]
    public async Task A_file_whose_name_is_not_UTF8_says_so_and_its_neighbours_are_made()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "NOT RUN: only Linux has files of these names.");
        await using var app = await RunningApp.StartAsync(azurite);
        app.Images.Write("old/a.jpg", TestImages.Jpeg(80, 60));
        Assert.Equal(0, (await Tool.RunAsync("sh", ["-c", "cp a.jpg \"$(printf 'caf\\351.jpg')\""], app.Images["old"], Token)).ExitCode);

        var batch = JsonDocument.Parse((await app.PostAsync("/imageapi?imagePath=old")).Body).RootElement.GetProperty("batchId")
            .GetString();

        var (made, failed) = (await app.ResultAsync($"{batch}-0"), await app.ResultAsync($"{batch}-1"));
        await Tool.RunAsync("sh", ["-c", "rm caf*"], app.Images["old"], Token);

        Assert.Contains("\"Resize\":true", made, StringComparison.Ordinal);
        Assert.Equal("""{"Message":"Image file does not exist.","Resize":false}""", failed);
        Assert.Contains("not UTF-8", (await app.GetAsync($"/v1/jobs/{batch}-1")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_none_is_refused_by_both_interfaces_and_its_answer_is_sound()
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");

        foreach (var name in Refused)
        {
            using var response = await PostAsync(app, name);
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Token);

            Assert.True(400 == (int)response.StatusCode, $"{name}: {problem}");
            Assert.DoesNotContain(response.Headers, header => header.Key.Contains("Cookie", StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(app.Images.Path, problem.GetRawText(), StringComparison.Ordinal);
            Assert.Equal(400, (await app.GetAsync($"/imageapi?imagePath={Uri.EscapeDataString(name)}")).Status);
        }

        Assert.Empty(Names(app.Images.Path));
    }

    [Trait("Abuse", "1")]
    [Fact]
    public async Task What_is_no_text_or_leads_out_is_refused_as_it_comes()
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");

        foreach (var escaped in Escaped)
        {
            foreach (var method in (string[])["GET", "POST"])
            {
                using var request = await RawRequest.SendAsync(
                    app.Client.BaseAddress!,
                    $"{method} /imageapi?imagePath={escaped} HTTP/1.1\nHost: x\nx-functions-key: {Secrets.ShopKey}\n" +
                    "Content-Length: 0\nConnection: close\n\n");

                var answer = await request.ReadAsync();

                Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
                Assert.Contains("application/json", answer, StringComparison.Ordinal);
                Assert.DoesNotContain("\nX-Evil", answer, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>In JSON, half of a character outside the first plane is no text either, wherever it stands.</summary>
    [Trait("Abuse", "4")]
    [Theory]
    [InlineData("/v1/jobs", """{ "source": "a\ud800.jpg", "actions": [ { "measure": {} } ] }""")]
    [InlineData("/v1/batches", """{ "items": [ { "source": "a\ud800.jpg", "actions": [ { "measure": {} } ] } ] }""")]
    [InlineData("/v1/batches", """{ "items": [ { "source": "a.jpg", "a\ud800": 1 } ] }""")]
    [InlineData("/v1/batches", """{ "name": "\ud800", "items": [ { "source": "a.jpg", "actions": [ { "measure": {} } ] } ] }""")]
    [InlineData("/v1/batches", """{ "name": "a\u001b[31m", "items": [ { "source": "a.jpg", "actions": [ { "measure": {} } ] } ] }""")]
    public async Task What_is_no_text_in_JSON_is_refused(string address, string body)
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
    public async Task What_the_query_says_of_a_batch_of_lines_is_said_once_and_is_text(string query, string why, string? value = null)
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");
        const string line = """{ "source": "a.jpg", "actions": [ { "measure": {} } ] }""";

        using var response =
            await app.Client.PostAsync($"/v1/batches?{query}", new StringContent(line, Encoding.UTF8, "application/x-ndjson"), Token);

        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Token);
        var said = value is null ? problem.GetProperty("detail") : problem.GetProperty("errors").GetProperty(value)[0];
        Assert.Equal((400, why), ((int)response.StatusCode, said.GetString()));
    }

    private static async Task<string> SubmitAsync(RunningApp app, string name, string actions = Thumbnail)
    {
        using var response = await PostAsync(app, name, actions);
        Assert.True(202 == (int)response.StatusCode, $"{name}: {await response.Content.ReadAsStringAsync(Token)}");

        return response.Headers.Location!.OriginalString;
    }

    private static Task<HttpResponseMessage> PostAsync(RunningApp app, string name, string actions = Thumbnail) =>
        app.Client.PostAsJsonAsync("/v1/jobs", new { source = name, actions = JsonDocument.Parse(actions).RootElement }, Token);

    private static string[] Names(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
}
