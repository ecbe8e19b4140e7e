using System.Collections.Concurrent;
using System.ComponentModel;
using System.Text;
using ImageResize.Tests.Support.Processes;

namespace ImageResize.Tests.Support.FunctionsHost;

/// <summary>
/// Keeps one worker running as the real host does: starts it again after an error exit, does not notice an exit with code 0, and gives up
/// at the third error exit, each within 30 minutes of the last.
/// </summary>
internal sealed class WorkerSupervisor : IAsyncDisposable
{
    private const int MaxErrorExits = 3;

    private static readonly TimeSpan ErrorExitsCountTogether = TimeSpan.FromMinutes(30);

    /// <summary>The real host allows 60 seconds to start and 10 to initialize. Tests run on slower machines.</summary>
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _temporary = new();
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FunctionApp _app;
    private readonly Dictionary<string, string> _settings;
    private volatile TaskCompletionSource<WorkerChannel> _ready = NotReady();
    private volatile TaskCompletionSource _replaced = new();
    private volatile WorkerProcess? _process;
    private Task _life = Task.CompletedTask;
    private volatile bool _isStopping;
    private volatile int _exits;
    private int _errorExitsTogether;
    private DateTimeOffset _lastErrorExit;

    public WorkerSupervisor(FunctionApp app, IReadOnlyDictionary<string, string> settings)
    {
        _app = app;

        // The temporary folder, including files of killed workers, is deleted with the host.
        _settings = new(settings) { ["TMPDIR"] = _temporary.Path, ["TMP"] = _temporary.Path };
    }

    /// <summary>The channels of workers that may connect, by worker id.</summary>
    public ConcurrentDictionary<string, WorkerChannel> Channels { get; } = [];

    /// <summary>The id of the running process.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>How many processes have ended.</summary>
    public int Exits => _exits;

    /// <summary>Completes when the host stops because its worker has failed too often.</summary>
    public Task GivenUp => _givenUp.Task;

    /// <summary>The workers' log entries and outputs.</summary>
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

    public Task<WorkerChannel> StartAsync(Uri host, CancellationToken cancellationToken)
    {
        _life = KeepAsync(host);

        return ReadyAsync(cancellationToken);
    }

    /// <summary>Returns the worker. Waits while it starts.</summary>
    /// <exception cref="InvalidOperationException">The worker cannot start, or is no longer started.</exception>
    public Task<WorkerChannel> ReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    /// <summary>Kills the process. Its invocations fail at once.</summary>
    public void Kill() => _process!.Kill();

    /// <summary>Replaces a worker whose function does not end. Not counted as an error exit.</summary>
    public void Replace(WorkerChannel channel)
    {
        if (_ready.Task.IsCompletedSuccessfully && _ready.Task.Result == channel)
        {
            _replaced.TrySetResult();
        }
    }

    /// <summary>Sends WorkerTerminate and kills what is left after the grace period.</summary>
    public async Task TerminateAsync(TimeSpan gracePeriod)
    {
        _isStopping = true;
        if (_ready.Task.IsCompletedSuccessfully)
        {
            _ready.Task.Result.Terminate(gracePeriod);
            await ((Task)_process!.Exit).WaitAsync(gracePeriod).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        _process?.Kill();
        _replaced.TrySetResult();
        await _life;
        _temporary.Dispose();
    }

    private async Task KeepAsync(Uri host)
    {
        do
        {
            var (id, ready) = (Guid.NewGuid().ToString(), _ready);
            var channel = Channels[id] = new WorkerChannel(Log);
            _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);
            try
            {
                _process = WorkerProcess.Start(_app, id, host, _settings, Log);
            }
            catch (Win32Exception missing)
            {
                ready.TrySetException(new InvalidOperationException("The worker is missing or not executable.", missing));
                return;
            }

            if (_isStopping)
            {
                _process.Kill();
            }

            await InitializeAsync(_process, channel, ready);
            await EndAsync(_process);
            _exits++;
            Channels.TryRemove(id, out _);
            _ready = NotReady();
            channel.Close();
        }
        while (IsToStartAgain(_process.Exit.Result));

        _ready.TrySetException(new InvalidOperationException("The host does not start its worker again."));
    }

    private async Task InitializeAsync(WorkerProcess process, WorkerChannel channel, TaskCompletionSource<WorkerChannel> ready)
    {
        using var timeout = new CancellationTokenSource(StartTimeout);
        var initializing = channel.InitializeAsync(_app.Root, timeout.Token);
        if (await Task.WhenAny(initializing, process.Exit) == initializing && initializing.IsCompletedSuccessfully)
        {
            ready.TrySetResult(channel);
            return;
        }

        ready.TrySetException(new InvalidOperationException($"The worker did not start: {Output}", initializing.Exception));
        process.Kill();
    }

    /// <summary>Ends when the process has failed or has been replaced. An exit with code 0 is not noticed.</summary>
    private async Task EndAsync(WorkerProcess process)
    {
        var replaced = _replaced.Task;
        if (await Task.WhenAny(process.Exit, replaced) == process.Exit && process.Exit.Result == 0 && !_isStopping)
        {
            await replaced;
        }

        process.Kill();
        await process.Exit;
    }

    private bool IsToStartAgain(int exitCode)
    {
        if (_isStopping)
        {
            return false;
        }

        if (_replaced.Task.IsCompleted || exitCode == 0)
        {
            return true;
        }

        var now = DateTimeOffset.UtcNow;
        _errorExitsTogether = now - _lastErrorExit <= ErrorExitsCountTogether ? _errorExitsTogether + 1 : 1;
        _lastErrorExit = now;
        if (_errorExitsTogether < MaxErrorExits)
        {
            return true;
        }

        _givenUp.TrySetResult();

        return false;
    }

    private static TaskCompletionSource<WorkerChannel> NotReady()
    {
        var ready = new TaskCompletionSource<WorkerChannel>(TaskCreationOptions.RunContinuationsAsynchronously);

        // Observes the exception, whether a request waits for the worker or not.
        _ = ready.Task.ContinueWith(task => task.Exception, TaskScheduler.Default);

        return ready;
    }

    private void Log(string? line)
    {
        LogFiles.Write(line);
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
