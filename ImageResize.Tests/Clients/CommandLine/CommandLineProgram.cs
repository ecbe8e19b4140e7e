using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Processes;

namespace ImageResize.Tests.Clients.CommandLine;

/// <summary>Runs <c>imageresize</c>, with a home folder of its own.</summary>
internal sealed class CommandLineProgram : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly Dictionary<string, string> _environment;

    /// <param name="address">Null if it comes from the configuration file.</param>
    public CommandLineProgram(Uri? address)
    {
        _environment = new Dictionary<string, string>
        {
            ["HOME"] = _home.Path,
            ["XDG_CONFIG_HOME"] = _home["config"],
            ["XDG_DATA_HOME"] = _home["data"],
            ["IMAGERESIZE_ADDRESS"] = address?.AbsoluteUri ?? "",
            ["IMAGERESIZE_KEY"] = address is null ? "" : Secrets.ShopKey,
        };
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Where the program remembers uploads.</summary>
    public string DataFolder => _home["data/imageresize"];

    public void Configure(string json) => _home.Write("config/imageresize/config.json", Encoding.UTF8.GetBytes(json));

    public Process Start(params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "imageresize.exe" : "imageresize");
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _home.Path,
        };
        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public async Task<CommandLineResult> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(Token);
        var errors = process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        LogFiles.Write(await errors);

        return new CommandLineResult(process.ExitCode, await output, await errors);
    }

    public void Dispose() => _home.Dispose();
}

internal sealed record CommandLineResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The output of <c>--json</c>.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;
}
