using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ImageResize.Tests.Support.FunctionsHost;

/// <summary>
/// The handler as the real host keeps it: started with the host's environment, ready when it answers <c>GET /</c>, started again at
/// the same port when it exits with an error, for ever gone after an exit of 0, and given up at the third exit.
/// </summary>
internal sealed class HandlerProcess : IAsyncDisposable
{
    private const int MostExits = 3;

    private static readonly TimeSpan ExitsCountTogether = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan InitializationTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(25);

    private readonly FunctionApp _app;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly int _port = FreePorts.TakeOne();
    private readonly TcpListener _ownPort = new(IPAddress.Loopback, 0);
    private readonly TemporaryFolder _temporary = new();
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private volatile TaskCompletionSource _ready = NotReady();
    private Process? _process;
    private Task? _life;
    private volatile bool _isEnding;
    private volatile int _exits;
    private int _exitsTogether;
    private DateTimeOffset _lastExit;

    public HandlerProcess(FunctionApp app, IReadOnlyDictionary<string, string> settings)
    {
        _app = app;
        _settings = settings;
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}"), Timeout = Timeout.InfiniteTimeSpan };

        // The host's own port is taken by the host, and its environment names it: a handler that obeys ASPNETCORE_URLS dies.
        _ownPort.Start();
    }

    public HttpClient Client { get; }

    /// <summary>Of the process that runs now.</summary>
    public int Id => _process!.Id;

    /// <summary>How often it has exited by itself or been killed from outside.</summary>
    public int Exits => _exits;

    /// <summary>Ends when the host stops because its handler has exited too often.</summary>
    public Task GivenUp => _givenUp.Task;

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

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _life = KeepAliveAsync();
        await ReadyAsync(cancellationToken);
    }

    /// <summary>Invocations wait while it starts again.</summary>
    /// <exception cref="InvalidOperationException">It is gone, or cannot start.</exception>
    public Task ReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    /// <summary>SIGKILL to this process alone: children of its own are left to themselves.</summary>
    public void Kill() => _process!.Kill();

    public async ValueTask DisposeAsync()
    {
        _isEnding = true;
        if (_life is not null)
        {
            // The real host gives its handler no chance to say goodbye.
            _process?.Kill();
            await _life;
        }

        Client.Dispose();
        _ownPort.Dispose();
        _temporary.Dispose();
    }

    private async Task KeepAliveAsync()
    {
        do
        {
            var ready = _ready;
            Task exit;
            try
            {
                exit = Start();
            }
            catch (Win32Exception cannotStart)
            {
                ready.TrySetException(new InvalidOperationException("The handler is missing or not executable.", cannotStart));
                return;
            }

            try
            {
                await ProbeAsync(exit);
                ready.TrySetResult();
            }
            catch (InvalidOperationException cannotStart)
            {
                ready.TrySetException(cannotStart);
            }

            await exit;
            _ready = NotReady();
            _exits++;
        }
        while (IsToStartAgain(_process!.ExitCode));

        _ready.TrySetException(new InvalidOperationException($"The handler has ended with {_process.ExitCode} and is not started again."));
    }

    private bool IsToStartAgain(int exitCode)
    {
        if (_isEnding || exitCode == 0)
        {
            return false;
        }

        var now = DateTimeOffset.UtcNow;
        _exitsTogether = now - _lastExit <= ExitsCountTogether ? _exitsTogether + 1 : 1;
        _lastExit = now;
        if (_exitsTogether < MostExits)
        {
            return true;
        }

        _givenUp.TrySetResult();

        return false;
    }

    private Task Start()
    {
        var description = _app.HostJson.GetProperty("customHandler").GetProperty("description");
        var start = new ProcessStartInfo(
            _settings.TryGetValue(FunctionApp.ExecutablePathSetting, out var executable)
                ? Path.Combine(_app.Root, executable)
                : description.GetProperty("defaultExecutablePath").GetString()!,
            description.GetProperty("arguments").EnumerateArray().Select(argument => argument.GetString()!))
        {
            WorkingDirectory = _app.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["FUNCTIONS_CUSTOMHANDLER_PORT"] = _port.ToString(),
                ["FUNCTIONS_APP_ROOT_PATH"] = _app.Root,
                ["FUNCTIONS_WORKER_RUNTIME"] = "custom",
                ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = $"http://{_ownPort.LocalEndpoint}",
                ["ASPNETCORE_CONTENTROOT"] = Path.GetTempPath(),

                // What a killed handler leaves behind goes with the host.
                ["TMPDIR"] = _temporary.Path,
                ["TMP"] = _temporary.Path,
            },
        };
        start.Environment.Remove("ASPNETCORE_ENVIRONMENT");
        foreach (var (name, value) in _settings)
        {
            start.Environment[name] = value;
        }

        // Not WaitForExitAsync: that waits for the outputs too, which a child of the handler may hold open.
        var exit = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.Exited += (_, _) => exit.TrySetResult();
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;

        return exit.Task;
    }

    private async Task ProbeAsync(Task exit)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < InitializationTimeout)
        {
            if (exit.IsCompleted)
            {
                throw new InvalidOperationException("The handler ended while it started: " + Output);
            }

            try
            {
                using var any = await Client.GetAsync("/");
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(ProbeInterval);
            }
        }

        Kill();

        throw new InvalidOperationException("The handler did not answer within 30 seconds: " + Output);
    }

    private static TaskCompletionSource NotReady()
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Whether anybody waits or not, its failure has been seen.
        _ = ready.Task.ContinueWith(task => task.Exception, TaskScheduler.Default);

        return ready;
    }

    private void Hear(string? line)
    {
        LogFiles.Write(line);
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
