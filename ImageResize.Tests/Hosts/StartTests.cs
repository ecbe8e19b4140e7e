using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ImageResize.Functions.Hosting;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Processes;

namespace ImageResize.Tests.Hosts;

/// <summary>Starts the program in its own process, as a user does. Errors at the start are reported in one sentence.</summary>
public sealed class StartTests(Azurite azurite)
{
    private static readonly string Executable =
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "ImageResize.Functions.exe" : "ImageResize.Functions");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_program_reports_its_address_and_images_folder_and_stops_at_Ctrl_C()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A signal cannot be sent to one process alone on Windows.");
        using var program = Start(("AzureWebJobsStorage", azurite.ConnectionString), ("ASPNETCORE_URLS", "http://127.0.0.1:0"));

        var greeting = await ReadUntilAsync(program, "curl");
        await UnixSignal.SendAsync("INT", program.Id);
        await program.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromMinutes(2), Token);

        Assert.Contains("ImageResize listens on http://127.0.0.1:", greeting, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(RepositoryRoot.Find()!, "images"), greeting, StringComparison.Ordinal);
        Assert.Equal(0, program.ExitCode);
    }

    [Fact]
    public async Task Help_is_printed_without_starting()
    {
        using var program = Process.Start(new ProcessStartInfo(Executable, ["--help"]) { RedirectStandardOutput = true })!;

        var usage = await program.StandardOutput.ReadToEndAsync(Token);
        await program.WaitForExitAsync(Token);

        Assert.Equal(0, program.ExitCode);
        Assert.Contains("Usage: ImageResize.Functions", usage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "--data-binary @photo.jpg")]
    [InlineData("my photo.JPG", "imagePath=/ImageResize/images/my%20photo.JPG'")]
    public async Task The_first_command_names_an_image_that_exists(string? name, string expected)
    {
        using var images = new TemporaryFolder();
        if (name is not null)
        {
            images.Write(name, TestImages.Jpeg(30, 20));
        }

        using var program = Start(
            ("AzureWebJobsStorage", azurite.ConnectionString), ("ImageResize__Sources__ImagesRoot", images.Path));
        var greeting = await ReadUntilAsync(program, "curl");
        program.Kill();

        Assert.Contains(expected, greeting, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_images_folder_is_warned_about()
    {
        using var program = Start(
            ("AzureWebJobsStorage", azurite.ConnectionString), ("ImageResize__Sources__ImagesRoot", "/missing/images"));

        var line = await ReadUntilAsync(program, "does not exist");
        program.Kill();

        Assert.Contains("ImageResize__Sources__ImagesRoot", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_reported_in_one_sentence()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var sentence = await RefusalAsync(
            ("AzureWebJobsStorage", azurite.ConnectionString),
            ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"));

        Assert.Contains($"127.0.0.1:{port}", sentence, StringComparison.Ordinal);
        Assert.Contains("already in use", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_storage_settings_are_reported_in_one_sentence() =>
        Assert.StartsWith(
            "AzureWebJobsStorage is not set", await RefusalAsync(("ASPNETCORE_ENVIRONMENT", "Production")), StringComparison.Ordinal);

    [Fact]
    public async Task An_invalid_connection_string_is_reported_in_one_sentence_without_its_value()
    {
        var sentence = await RefusalAsync(("AzureWebJobsStorage", "secret=" + Secrets.Prefix));

        Assert.StartsWith("AzureWebJobsStorage is not a valid connection string", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(Secrets.Prefix, sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ImageResize__Imaging__MaxMegapixels", "0")]
    [InlineData("ImageResize__Imaging__JpegQuality", "best")]
    [InlineData("ImageResize__Jobs__RetentionDays", "-1")]
    [InlineData("ImageResize__Storage__TablePrefix", "Not a table")]
    [InlineData("ImageResize__Thumbnails__OutputContainer", "NOT")]
    [InlineData("ImageResize__Regions__Number", "16")]
    [InlineData("ImageResize__Regions__Addresses__3", "https://host.example/path")]
    [InlineData("ImageResize__Presets__card__Width", "4097")]
    [InlineData("ImageResize__Role", "Boss")]
    [InlineData("ImageResize__Web__AllowedHosts", "https://example.com")]
    public async Task An_invalid_setting_is_reported_in_one_sentence_that_names_it(string name, string value)
    {
        var sentence = await RefusalAsync(("AzureWebJobsStorage", azurite.ConnectionString), (name, value));

        Assert.Contains(name.Split("__")[^1], sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://*:0")]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:0;http://0.0.0.0:0")]
    [InlineData("ASPNETCORE_URLS", "http://[::]:0")]
    [InlineData("ASPNETCORE_URLS", "http://some-name:0")]
    [InlineData("ASPNETCORE_URLS", "http://192.0.2.1:0")]
    [InlineData("DOTNET_URLS", "http://+:0")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "0")]
    [InlineData("Kestrel__Endpoints__All__Url", "http://*:0")]
    public async Task A_public_address_requires_a_key_to_start(string setting, string address)
    {
        var sentence = await RefusalAsync(("AzureWebJobsStorage", azurite.ConnectionString), ("ASPNETCORE_URLS", ""), (setting, address));

        Assert.Contains(
            "is reachable from other machines and no key is set: set ImageResize__Keys__NAME", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://[::1]:0")]
    public async Task Production_requires_a_key_to_start(string address)
    {
        var sentence = await RefusalAsync(
            ("AzureWebJobsStorage", azurite.ConnectionString),
            ("ASPNETCORE_ENVIRONMENT", "Production"),
            ("ASPNETCORE_URLS", address));

        Assert.StartsWith("No key is set: set ImageResize__Keys__NAME", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_too_short_is_named_and_not_shown()
    {
        var sentence = await RefusalAsync(("AzureWebJobsStorage", azurite.ConnectionString), ("ImageResize__Keys__shop", Secrets.Prefix));

        Assert.Contains("ImageResize__Keys__shop", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(Secrets.Prefix, sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_starts_in_production_with_a_key()
    {
        using var program = Start(
            ("AzureWebJobsStorage", azurite.ConnectionString),
            ("ASPNETCORE_ENVIRONMENT", "Production"),
            ("ImageResize__Keys__shop", Secrets.ShopKey));

        var greeting = await ReadUntilAsync(program, "curl");
        program.Kill();

        Assert.Contains("-H 'x-functions-key: YOUR-KEY'", greeting, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unavailable_storage_is_logged_in_one_line_and_retried()
    {
        var ports = FreePorts.Take();
        using var program = Start(("AzureWebJobsStorage", ports.ConnectionString), ("ASPNETCORE_URLS", "http://127.0.0.1:0"));

        var line = (await ReadUntilAsync(program, "Storage is unavailable")).Split('\n')
            .Last(said => said.Contains("is unavailable", StringComparison.Ordinal));
        program.Kill();

        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
    }

    private static async Task<string> RefusalAsync(params (string Name, string Value)[] environment)
    {
        using var program = Start(environment);
        var output = await program.StandardError.ReadToEndAsync(Token);
        var log = await program.StandardOutput.ReadToEndAsync(Token);
        LogFiles.Write(output);
        LogFiles.Write(log);
        await program.WaitForExitAsync(Token);

        Assert.Equal(1, program.ExitCode);
        Assert.Single(output.Trim().Split('\n'));
        Assert.DoesNotContain("Hosting failed to start", log, StringComparison.Ordinal);

        return output;
    }

    private static async Task<string> ReadUntilAsync(Process program, string word)
    {
        var said = "";
        while (await program.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            LogFiles.Write(line);
            said += line + "\n";
            if (line.Contains(word, StringComparison.Ordinal))
            {
                return said;
            }
        }

        throw new InvalidOperationException($"The program ended without writing '{word}': {said}");
    }

    private static Process Start(params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Executable) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
