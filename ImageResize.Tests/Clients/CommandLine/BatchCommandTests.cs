using System.Text;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Processes;

namespace ImageResize.Tests.Clients.CommandLine;

/// <summary>Folders, from upload to thumbnails.</summary>
public sealed class BatchCommandTests(Azurite azurite)
{
    private static readonly string[] Box = ["--width", "40", "--height", "40", "--json"];

    [Fact]
    public async Task A_folder_becomes_thumbnails_under_the_names_of_its_images()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        using var program = new CommandLineProgram(app.Client.BaseAddress!);
        using var folder = new TemporaryFolder();
        folder.Write("a.jpg", TestImages.Jpeg());
        folder.Write("deep/b.png", TestImages.Png());
        folder.Write("deep/broken.gif", Encoding.ASCII.GetBytes("not an image"));
        folder.Write("notes.docx", [1, 2, 3]);

        var result = await program.RunAsync(["batch", folder.Path, "--recursive", "--format", "jpeg", "--out", folder["out"], .. Box]);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("completed", result.Json.GetProperty("state").GetString());
        Assert.Equal((2, 2), (result.Json.GetProperty("uploaded").GetInt32(), result.Json.GetProperty("saved").GetInt32()));
        var failure = Assert.Single(result.Json.GetProperty("failures").EnumerateArray());
        Assert.Equal(
            ("not_an_image", "deep/broken.gif"),
            (failure.GetProperty("code").GetString(), failure.GetProperty("examples")[0].GetString()));
        Assert.Equal(
            [folder["out/a.jpg"], folder["out/deep/b.png.jpg"]],
            Directory.GetFiles(folder["out"], "*", SearchOption.AllDirectories).Order());
        using var thumbnail = Picture.Of(await File.ReadAllBytesAsync(folder["out/deep/b.png.jpg"], TestContext.Current.CancellationToken));
        Assert.Equal((40, 30), (thumbnail.Width, thumbnail.Height));
    }

    [Fact]
    public async Task A_repeated_command_sends_only_files_that_are_new_or_have_changed()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        using var program = new CommandLineProgram(app.Client.BaseAddress!);
        using var folder = new TemporaryFolder();
        folder.Write("a.jpg", TestImages.Jpeg());
        folder.Write("b.jpg", TestImages.Jpeg(200, 100));
        var first = await program.RunAsync(["batch", folder.Path, .. Box]);
        folder.Write("b.jpg", TestImages.Jpeg(300, 100));
        folder.Write("c.jpg", TestImages.Jpeg(100, 100));

        var second = await program.RunAsync(["batch", folder.Path, .. Box]);
        var third = await program.RunAsync(["batch", folder.Path, .. Box]);

        Assert.Equal([0, 0, 0], new[] { first, second, third }.Select(result => result.ExitCode));
        Assert.Equal([(2, 0), (2, 1), (0, 3)], new[] { first, second, third }.Select(Sent));

        static (int Uploaded, int Reused) Sent(CommandLineResult result) =>
            (result.Json.GetProperty("uploaded").GetInt32(), result.Json.GetProperty("reused").GetInt32());
    }

    [Fact]
    public async Task Failed_images_are_repeated_as_a_new_batch()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        using var program = new CommandLineProgram(app.Client.BaseAddress!);
        app.Images.Write("a.jpg", TestImages.Jpeg());
        using var folder = new TemporaryFolder();
        var list = folder.Write("list.txt", Encoding.UTF8.GetBytes("a.jpg\n\n{ \"source\": \"late.jpg\" }\n"));
        var failed = await program.RunAsync(["batch", list, .. Box]);
        app.Images.Write("late.jpg", TestImages.Jpeg());

        var retried = await program.RunAsync("retry", failed.Json.GetProperty("id").GetString()!, "--json", "--out", folder["out"]);

        Assert.Equal((1, 0), (failed.ExitCode, retried.ExitCode));
        Assert.Equal("source_not_found", failed.Json.GetProperty("failures")[0].GetProperty("code").GetString());
        Assert.Equal(failed.Json.GetProperty("id").GetString(), retried.Json.GetProperty("retryOf").GetString());
        Assert.Equal([folder["out/late.jpg"]], Directory.GetFiles(folder["out"]));
    }

    [Fact]
    public async Task Cancel_ends_a_batch_and_its_state_remains()
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");
        using var program = new CommandLineProgram(app.Client.BaseAddress!);
        app.Images.Write("a.jpg", TestImages.Jpeg());
        var batch = await program.RunAsync(["batch", "a.jpg", "--no-wait", "--name", "spring", .. Box]);
        var id = batch.Json.GetProperty("id").GetString()!;

        var canceled = await program.RunAsync("cancel", id);
        var status = await program.RunAsync("status", id, "--json");

        Assert.Equal((0, 0, 5), (batch.ExitCode, canceled.ExitCode, status.ExitCode));
        Assert.Equal($"Batch {id} canceled: 0 of 1 succeeded, 1 canceled\n", canceled.Output);
        Assert.Equal(("spring", "canceled"), (status.Json.GetProperty("name").GetString(), status.Json.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task An_interrupted_command_says_how_to_continue()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Windows has no SIGINT.");
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");
        using var program = new CommandLineProgram(app.Client.BaseAddress!);
        app.Images.Write("a.jpg", TestImages.Jpeg());

        using var process = program.Start("batch", "a.jpg", "--width", "40");
        var id = (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken))!["Batch ".Length..];
        await UnixSignal.SendAsync("INT", process.Id);
        var message = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((130, $"Interrupted. To continue: imageresize watch {id}\n"), (process.ExitCode, message));
        Assert.Contains("\"queued\":1", (await app.GetAsync($"/v1/batches/{id}")).Body, StringComparison.Ordinal);
    }
}
