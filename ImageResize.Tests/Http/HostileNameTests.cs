using System.Net.Http.Json;
using System.Text.Json;
using ImageResize.Core.Jobs;
using ImageResize.Functions.Standalone.LocalStorage;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ImageResize.Tests.Http;

/// <summary>
/// Names that mean something to a shell, a browser, Windows or libvips, through both interfaces.
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

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Trait("Abuse", "8")]
    [Fact]
    public async Task A_file_with_any_name_is_processed_and_no_file_is_written_outside()
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

        // The folder contains only the sources, and the folder for thumbnails with one for each and the folder for unfinished files.
        Assert.Equal([.. Files.Append("resized").Order(StringComparer.Ordinal)], Names(app.Images.Path));
        Assert.Equal(Files.Length, Names(app.Images["resized"]).Except([".unfinished"]).Count());
    }

    /// <summary>Every source has a different height, which identifies its thumbnails.</summary>
    [Trait("Abuse", "9")]
    [Fact]
    public async Task Similar_names_have_different_thumbnails()
    {
        string[] sources =
        [
            "a.jpg", "a.png", "a.webp", "a.jpg.webp", "a.JPG", "a", "x/a.jpg", "y/a.jpg", "a_resized.jpg", "a_resizedTo40.jpg",
            "a_resizedTo40.png", "\u00e9.jpg", "e\u0301.jpg", "\u00c5.jpg", "A\u030a.jpg", "\u212b.jpg",
            "a.jpg.", "a.jpg ", "a.jpg..", "con.jpg",
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

    /// <summary>File names in the folder are untrusted.</summary>
    [Trait("Abuse", "4")]
    [Fact]
    public async Task Names_do_not_split_or_reorder_log_lines()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "NOT RUN: Windows has no files of these names.");
        var log = new TestLog<JobRunner>();
        await using var app =
            await RunningApp.StartAsync(azurite.ConnectionString, services => services.AddSingleton<ILogger<JobRunner>>(log));
        app.Images.Write("odd/new\nline\u001b[31m\r\u2028\u202E\u2066.jpg", "no image"u8.ToArray());

        var batch = JsonDocument.Parse((await app.PostAsync("/imageapi?imagePath=odd")).Body).RootElement.GetProperty("batchId")
            .GetString();
        var result = await app.ResultAsync($"{batch}-0");

        Assert.Contains("not a valid image format", result, StringComparison.Ordinal);
        Assert.Contains(
            log.Lines, line => line.Contains("refused: /ImageResize/images/odd/new?line?[31m????.jpg: ", StringComparison.Ordinal));
    }

    /// <summary>Files from old systems may have such names.</summary>
    [Trait("Abuse", "8")]
    [Fact]
    public async Task A_file_name_that_is_not_UTF8_fails_without_affecting_other_files()
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
