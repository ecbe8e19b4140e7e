using ImageResize.Tests.Support;

namespace ImageResize.Tests.Clients.CommandLine;

/// <summary>Single images, and what all commands share.</summary>
public sealed class CommandLineTests(Azurite azurite)
{
    [Fact]
    public async Task Local_files_and_sources_of_the_service_are_measured_and_become_thumbnails()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        using var program = new CommandLineProgram(app.Client.BaseAddress!);
        using var folder = new TemporaryFolder();
        var local = folder.Write("local.png", TestImages.Png(300, 200));
        app.Images.Write("remote.jpg", TestImages.Jpeg(100, 80));

        var measured = await program.RunAsync("measure", local, "remote.jpg", "missing.jpg");
        var made = await program.RunAsync("thumbnail", local, "--width", "30", "--format", "webp", "--out", folder["small.webp"], "--json");

        Assert.Equal((1, 0), (measured.ExitCode, made.ExitCode));
        Assert.Equal(
            [$"300 x 200 png  {local}", "100 x 80 jpeg  remote.jpg", "source_not_found  missing.jpg"],
            measured.Output.TrimEnd('\n').Split('\n').Select(line => line.Split(": ")[0]));
        Assert.Equal((30, 20), (made.Json.GetProperty("width").GetInt32(), made.Json.GetProperty("height").GetInt32()));
        using var thumbnail = Picture.Of(await File.ReadAllBytesAsync(folder["small.webp"], TestContext.Current.CancellationToken));
        Assert.Equal((30, 20), (thumbnail.Width, thumbnail.Height));
    }

    [Theory]
    [InlineData(2, "usage", "batch", "no-such-folder/", "--fit", "round", "--width", "1")]
    [InlineData(2, "usage", "thumbnail", "a.jpg")]
    [InlineData(2, "usage", "thumbnail", "a.jpg", "--width", "wide")]
    [InlineData(2, "usage", "measure", "a.jpg", "--key", "a key of several words")]
    [InlineData(3, "source_not_found", "thumbnail", "missing.jpg", "--width", "40")]
    [InlineData(3, "job_not_found", "status", "unknown")]
    [InlineData(3, "unauthorized", "measure", "a.jpg", "--key", "wrong-key-wrong-key")]
    [InlineData(4, "unreachable", "watch", "unknown", "--address", "http://127.0.0.1:1")]
    public async Task An_exit_code_says_whose_fault_an_error_is(int exitCode, string code, params string[] arguments)
    {
        await using var app = await RunningApp.StartAsync(azurite);
        using var program = new CommandLineProgram(app.Client.BaseAddress!);

        var result = await program.RunAsync([.. arguments, "--json"]);

        Assert.Equal((exitCode, code), (result.ExitCode, result.Json.GetProperty("error").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Address_and_key_come_from_the_configuration_file_too()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        using var program = new CommandLineProgram(address: null);
        app.Images.Write("a.jpg", TestImages.Jpeg());
        program.Configure($$"""{ "address": "{{app.Client.BaseAddress}}", "key": "{{Secrets.ShopKey}}" }""");

        Assert.Equal((0, "400 x 300 jpeg  a.jpg\n"), await RunAsync(program, "measure", "a.jpg"));
    }

    [Fact]
    public async Task Shells_complete_commands_and_values()
    {
        using var program = new CommandLineProgram(address: null);

        Assert.Equal((0, "cover\nfill\ninside\n"), await RunAsync(program, "[suggest:28]", "imageresize thumbnail --fit "));
        Assert.Contains("[suggest:", (await program.RunAsync("completion", "bash")).Output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(CommandLineProgram program, params string[] arguments)
    {
        var result = await program.RunAsync(arguments);

        return (result.ExitCode, result.Output);
    }
}
