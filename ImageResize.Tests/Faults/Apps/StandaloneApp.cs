using System.Diagnostics;
using System.Text;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;
using ImageResize.Tests.Support.Processes;

namespace ImageResize.Tests.Faults.Apps;

/// <summary>
/// The program standalone, started again whenever it ends with an error, as a service manager or a container platform does.
/// </summary>
internal sealed class StandaloneApp : IRestartedApp
{
    private readonly string _program;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly string[] _launcher;
    private readonly string _address = $"http://127.0.0.1:{FreePorts.TakeOne()}";
    private readonly StringBuilder _output = new();
    private volatile Process? _process;
    private Task? _running;
    private volatile bool _isEnding;
    private volatile int _starts;
    private volatile int _exits;

    private StandaloneApp(string program, IReadOnlyDictionary<string, string> settings, string[] launcher)
    {
        (_program, _settings, _launcher) = (program, settings, launcher);
        Client = new HttpClient(new RetryingClientHandler()) { BaseAddress = new Uri(_address) };
    }

    public HttpClient Client { get; }

    public int Exits => _exits;

    public int ProcessId => _process!.Id;

    /// <summary>0 after the program has stopped on request.</summary>
    public int? LastExitCode { get; private set; }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <param name="program">The name of the executable in the tests' folder.</param>
    /// <param name="launcher">A command that runs the program in the same process.</param>
    public static async Task<StandaloneApp> StartAsync(
        string program, IReadOnlyDictionary<string, string> settings, params string[] launcher)
    {
        var path = Path.Combine(AppContext.BaseDirectory, program + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var app = new StandaloneApp(path, settings, launcher);
        app._running = app.RestartUntilStoppedAsync();
        await Eventually.Async(async () =>
        {
            try
            {
                return (await app.SendAsync(HttpMethod.Get, "/health/live")).Status == 200 ? "live" : null;
            }
            catch (HttpRequestException)
            {
                return null;
            }
        });

        return app;
    }

    public async Task<(int Status, string Body)> SendAsync(HttpMethod method, string address)
    {
        using var request = new HttpRequestMessage(method, address);
        using var response = await Client.SendAsync(request);

        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Completes when the program has been started again.</summary>
    public async Task KillAsync()
    {
        var starts = _starts;
        _process!.Kill();
        await Eventually.Async(() => _starts > starts);
    }

    /// <summary>Requests a stop and waits for it.</summary>
    public async Task StopAsync()
    {
        await UnixSignal.SendAsync("TERM", ProcessId);
        await _running!;
    }

    public async ValueTask DisposeAsync()
    {
        _isEnding = true;
        try
        {
            _process?.Kill();
        }
        catch (InvalidOperationException)
        {
            // Between two processes: the next one is killed at its start.
        }

        await _running!;
        Client.Dispose();
    }

    private async Task RestartUntilStoppedAsync()
    {
        do
        {
            using var process = Launch();
            _process = process;
            _starts++;
            if (_isEnding)
            {
                process.Kill();
            }

            await process.WaitForExitAsync();
            LastExitCode = process.ExitCode;
            _exits++;
        }
        while (!_isEnding && LastExitCode != 0);

        _process = null;
    }

    private Process Launch()
    {
        string[] command = [.. _launcher, _program];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_URLS"] = _address;
        foreach (var (name, value) in _settings)
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => AppendOutput(line.Data);
        process.ErrorDataReceived += (_, line) => AppendOutput(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        return process;
    }

    private void AppendOutput(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
