using System.Text;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Clients.CommandLine;

/// <summary>Folders, files and journals that are not as they should be.</summary>
public sealed class BatchHazardTests(Azurite azurite)
{
    private static readonly string[] Box = ["--width", "40", "--height", "40", "--json"];

    [Fact]
    public async Task Links_between_folders_are_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege.");
        await using var app = await RunningApp.StartAsync(azurite);
        using var program = new CommandLineProgram(app.Client.BaseAddress!);
        using var folder = new TemporaryFolder();
        folder.Write("deep/a.jpg", TestImages.Jpeg());
        File.CreateSymbolicLink(folder["b.jpg"], folder["deep/a.jpg"]);
        Directory.CreateSymbolicLink(folder["deep/up"], folder.Path);
        Directory.CreateSymbolicLink(folder["again"], folder.Path);

        var result = await program.RunAsync(["batch", folder.Path, "--recursive", .. Box]);

        Assert.Equal((0, 2), (result.ExitCode, result.Json.GetProperty("uploaded").GetInt32()));
    }

    [Fact]
    public async Task A_damaged_journal_costs_only_its_damaged_lines()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        using var program = new CommandLineProgram(app.Client.BaseAddress!);
        using var folder = new TemporaryFolder();
        folder.Write("a.jpg", TestImages.Jpeg());
        await program.RunAsync(["batch", folder.Path, .. Box]);
        folder.Write("b.jpg", TestImages.Jpeg(200, 100));
        var journal = Assert.Single(Directory.GetFiles(program.DataFolder, "uploads-*"));
        await File.AppendAllTextAsync(journal, "{\"path\":null}\nnull\n{\"pa", TestContext.Current.CancellationToken);

        var second = await program.RunAsync(["batch", folder.Path, .. Box]);
        var third = await program.RunAsync(["batch", folder.Path, .. Box]);

        Assert.Equal((0, 1), (second.ExitCode, second.Json.GetProperty("reused").GetInt32()));
        Assert.Equal((0, 2), (third.ExitCode, third.Json.GetProperty("reused").GetInt32()));
    }

    [Fact]
    public async Task Images_of_two_folders_with_the_same_name_are_both_saved()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        using var program = new CommandLineProgram(app.Client.BaseAddress!);
        using var folder = new TemporaryFolder();
        folder.Write("one/a.jpg", TestImages.Jpeg());
        folder.Write("two/a.jpg", TestImages.Jpeg(300, 300));

        var result = await program.RunAsync(["batch", folder["one"], folder["two"], "--out", folder["out"], .. Box]);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal([folder["out/a (2).jpg"], folder["out/a.jpg"]], Directory.GetFiles(folder["out"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_thumbnail_that_cannot_be_saved_is_reported_and_the_others_are_saved()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        using var program = new CommandLineProgram(app.Client.BaseAddress!);
        using var folder = new TemporaryFolder();
        var longName = new string('x', 240) + ".jpg";
        folder.Write("in/a.jpg", TestImages.Jpeg());
        folder.Write($"in/{longName}", TestImages.Jpeg(300, 300));
        Directory.CreateDirectory(folder["out/a.jpg"]);

        var result = await program.RunAsync(["batch", folder["in"], "--out", folder["out"], .. Box]);

        Assert.Equal((1, 1), (result.ExitCode, result.Json.GetProperty("saved").GetInt32()));
        var failure = Assert.Single(result.Json.GetProperty("failures").EnumerateArray());
        Assert.Equal("not_saved", failure.GetProperty("code").GetString());
        Assert.Equal([folder[$"out/{longName}"]], Directory.GetFiles(folder["out"]));
    }

    [Fact]
    public async Task A_folder_for_thumbnails_that_cannot_be_created_is_reported_before_images_are_sent()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        using var program = new CommandLineProgram(app.Client.BaseAddress!);
        using var folder = new TemporaryFolder();
        var image = folder.Write("a.jpg", TestImages.Jpeg());

        var result = await program.RunAsync(["batch", image, "--out", image, .. Box]);

        Assert.Equal((2, "usage"), (result.ExitCode, result.Json.GetProperty("error").GetProperty("code").GetString()));
        Assert.Equal("", (await program.RunAsync("uploads")).Output);
    }

    [Fact]
    public async Task Names_of_files_cannot_control_the_terminal()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Names can't have control characters.");
        await using var app = await RunningApp.StartAsync(azurite);
        using var program = new CommandLineProgram(app.Client.BaseAddress!);
        using var folder = new TemporaryFolder();
        folder.Write("\u001b]0;mine\u0007.jpg", Encoding.ASCII.GetBytes("not an image"));

        var result = await program.RunAsync("batch", folder.Path, "--width", "40");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("]0;mine", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Output);
    }
}
