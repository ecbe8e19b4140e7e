using System.Text.Json;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Processes;

namespace ImageResize.Tests.Telemetry;

/// <summary>Log files for operators without a collector.</summary>
public sealed class LogFileTests(Azurite azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_of_the_day_has_an_event_a_line_with_its_name_and_ids()
    {
        using var images = new TemporaryFolder();
        using var logs = new TemporaryFolder();
        images.Write("text.jpg", "no image"u8.ToArray());
        var settings = new Dictionary<string, string>
        {
            ["ImageResize__Logging__Folder"] = logs.Path,
            ["Logging__LogLevel__ImageResize"] = "Information",
        };
        await using var program = await StartedProgram.StartAsync(azurite, images.Path, settings);

        var submitted = await program.Client.GetStringAsync("/imageapi?imagePath=text.jpg", Token);

        var id = JsonDocument.Parse(submitted).RootElement.GetProperty("jobId").GetString();
        var refused = await Eventually.Async(() => Task.FromResult(
            ReadEvents(logs.Path).FirstOrDefault(line => line.Contains("JobRunnerRefused", StringComparison.Ordinal))));
        Assert.Equal(id, JsonDocument.Parse(refused).RootElement.GetProperty("JobId").GetString());
        Assert.Single(ReadEvents(logs.Path), line => line.Contains("JobRunnerRefused", StringComparison.Ordinal));
        Assert.DoesNotContain(ReadEvents(logs.Path), line => line.Contains("imagePath=", StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', ReadEvents(logs.Path)));
    }

    private static string[] ReadEvents(string folder)
    {
        if (Directory.GetFiles(folder, "imageresize-*.log") is not [{ } path])
        {
            return [];
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);

        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
