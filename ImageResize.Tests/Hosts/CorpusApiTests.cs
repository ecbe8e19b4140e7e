using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using ImageResize.Tests.Imaging;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Processes;

namespace ImageResize.Tests.Hosts;

/// <summary>Sends the corpus to the program in its own process, through both of its interfaces.</summary>
public sealed class CorpusApiTests(Azurite azurite, ITestOutputHelper output)
{
    private const long MostMemory = 512L << 20;
    private const int AskedAtOnce = 4;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Trait("Abuse", "15")]
    [Fact]
    public async Task Every_file_of_the_corpus_gets_a_result_and_none_stops_the_program()
    {
        var corpus = Corpus.Open();
        using var images = new TemporaryFolder();
        Copy(corpus, images.Path);
        await using var program = await StartedProgram.StartAsync(azurite, images.Path);
        var failures = new List<string>();
        var slowest = (Time: TimeSpan.Zero, File: "");

        await Parallel.ForEachAsync(
            corpus.Rows, new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = Token }, async (row, _) =>
        {
            var clock = Stopwatch.StartNew();
            var measured = await AskAsync(program.Client, row.File, "measure");
            var made = await AskAsync(program.Client, row.File, "thumbnail");
            var old = await AskOldAsync(program.Client, row.File);
            var isRight = clock.Elapsed < Corpus.LongestTime
                && Corpus.Meets(measured, row.Measured, tolerance: 0)
                && Corpus.Meets(made, row.Made, tolerance: 1)
                && (old is string) == (measured is string)
                && (old is string || old.Equals(measured))
                && HasOutput(images.Path, row.File) == made is not string;
            lock (failures)
            {
                slowest = clock.Elapsed > slowest.Time ? (clock.Elapsed, row.File) : slowest;
                if (!isRight)
                {
                    failures.Add(
                        $"{row.File}: {measured} ({row.Measured}), {made} ({row.Made}), old {old}, {clock.Elapsed.TotalSeconds:F1} s");
                }
            }
        });

        output.WriteLine(
            $"{corpus.Rows.Count} files, slowest {slowest.Time.TotalSeconds:F1} s ({slowest.File}), " +
            $"most memory {program.MostMemory >> 20} MB");
        Assert.True(failures.Count == 0, string.Join(Environment.NewLine, failures));
        Assert.False(program.HasExited, "The program ended.");
        Assert.InRange(program.MostMemory, 1, MostMemory);
    }

    private static void Copy(Corpus corpus, string to)
    {
        foreach (var row in corpus.Rows)
        {
            var target = Path.Combine(to, row.File);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(corpus.Folder, row.File), target);
        }
    }

    /// <summary>Whether a refused image left no file, not even an unfinished one.</summary>
    private static bool HasOutput(string images, string file)
    {
        var folder = Path.Combine(images, "resized", Path.GetDirectoryName(file)!);
        return Directory.Exists(folder) && Directory.EnumerateFiles(folder, $"*{Path.GetFileNameWithoutExtension(file)}_100x100*").Any();
    }

    /// <returns>A width and a height, or the code of a refusal.</returns>
    private static async Task<object> AskAsync(HttpClient client, string file, string action)
    {
        object wanted = action == "measure" ? new { measure = new { } } : new { thumbnail = new { width = 100, height = 100 } };
        using var posted = await client.PostAsJsonAsync("/v1/jobs", new { source = file, actions = new[] { wanted } }, Token);
        var job = await posted.Content.ReadFromJsonAsync<JsonElement>(Token);
        Assert.True(posted.IsSuccessStatusCode, job.ToString());
        var wait = job.GetProperty("links").GetProperty("wait").GetString();
        var ended = await Eventually.Async(async () =>
            JsonDocument.Parse(await client.GetStringAsync(wait, Token)) is var answer
            && answer.RootElement.GetProperty("state").GetString() is "succeeded" or "failed" ? answer : null);
        if (ended.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
        {
            return error.GetProperty("code").GetString()!;
        }

        var size = action == "measure" ? ended.RootElement.GetProperty("size") : ended.RootElement.GetProperty("thumbnails")[0];
        return (size.GetProperty("width").GetInt32(), size.GetProperty("height").GetInt32());
    }

    private static async Task<object> AskOldAsync(HttpClient client, string file)
    {
        var asked = await client.GetFromJsonAsync<JsonElement>($"/imageapi?imagePath={Uri.EscapeDataString(file)}", Token);
        var address = $"/result?jobId={asked.GetProperty("jobId").GetString()}";
        var result = await Eventually.Async(async () =>
        {
            using var answer = await client.GetAsync(address, Token);
            return answer.IsSuccessStatusCode ? JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token)) : null;
        });

        // The original program reports unreadable images as -1 x -1.
        return result.RootElement.TryGetProperty("Width", out var width) && width.GetInt32() > 0
            ? (width.GetInt32(), result.RootElement.GetProperty("Height").GetInt32())
            : result.RootElement.ToString();
    }
}
