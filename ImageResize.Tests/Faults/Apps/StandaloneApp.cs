using System.Diagnostics;
using System.Text;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;
using ImageResize.Tests.Support.Processes;

namespace ImageResize.Tests.Faults.Apps;

/// <summary>
/// The program standalone, kept as a service manager or a container keeps it: started again whenever it ends with an error.
/// </summary>
internal sealed class StandaloneApp : IKeptApp
{
    private readonly string _program;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly string[] _launcher;
    private readonly string _address = $"http://127.0.0.1:{FreePorts.TakeOne()}";
    private readonly StringBuilder _output = new();
    private volatile Process? _process;
    private Task? _life;
    private volatile bool _isEnding;
    private volatile int _starts;
    private volatile int _exits;

    private StandaloneApp(string program, IReadOnlyDictionary<string, string> settings, string[] launcher)
    {
        (_program, _settings, _launcher) = (program, settings, launcher);
        Client = new HttpClient(new PatientCaller()) { BaseAddress = new Uri(_address) };
    }

    public HttpClient Client { get; }

    public int Exits => _exits;

    public int ProcessId => _process!.Id;

    /// <summary>0 after it has been asked to stop and did.</summary>
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

    /// <param name="program">The executable's name, which lies beside the tests.</param>
    /// <param name="launcher">A command that becomes the program it is given.</param>
    public static async Task<StandaloneApp> StartAsync(
        string program, IReadOnlyDictionary<string, string> settings, params string[] launcher)
    {
        var path = Path.Combine(AppContext.BaseDirectory, program + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var app = new StandaloneApp(path, settings, launcher);
        app._life = app.KeepAliveAsync();
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

    /// <summary>Ends when it has been started again.</summary>
    public async Task KillAsync()
    {
        var starts = _starts;
        _process!.Kill();
        await Eventually.Async(() => _starts > starts);
    }

    /// <summary>Asks it to stop and waits until it has.</summary>
    public async Task StopAsync()
    {
        await UnixSignal.SendAsync("TERM", ProcessId);
        await _life!;
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
            // Between two lives: the next is ended as it begins.
        }

        await _life!;
        Client.Dispose();
    }

    private async Task KeepAliveAsync()
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
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        return process;
    }

    private void Hear(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
