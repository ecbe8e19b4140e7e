using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ImageResize.Functions.Hosting;

namespace ImageResize.Functions.Standalone.LocalStorage;

/// <param name="DataFolder">The folder of Azurite's data; null to keep it in memory.</param>
/// <param name="OnRequest">Called with a line of Azurite's access log for each request; null for no access log.</param>
internal sealed record AzuriteSettings(AzuritePorts Ports, string? DataFolder = null, Action<string>? OnRequest = null);

/// <summary>A running Azurite. It saves its data and ends when this object is disposed or this process is killed.</summary>
internal sealed partial class AzuriteProcess : IAsyncDisposable
{
    private const int MaxReportedLines = 5;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    // The guard stops saving after 20 seconds.
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(25);

    private readonly Process _process;
    private readonly Action<string>? _onRequest;
    private readonly Queue<string> _lastLines = new();
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AzuriteProcess(Process process, Action<string>? onRequest)
    {
        _process = process;
        _onRequest = onRequest;
        _process.OutputDataReceived += (_, line) => ReadLine(line.Data);
        _process.ErrorDataReceived += (_, line) => ReadLine(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>The ports that it listens on, also if the settings allowed any.</summary>
    public AzuritePorts Ports { get; private set; } = AzuritePorts.Any;

    /// <exception cref="StartupException">It ended or did not listen in time. The message contains its last lines.</exception>
    public static async Task<AzuriteProcess> StartAsync(
        AzuritePackage package, AzuriteSettings settings, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("node", [package.Guard, .. Arguments(settings)])
        {
            RedirectStandardInput = true, // the guard ends when this is closed
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        var azurite = new AzuriteProcess(Process.Start(start)!, settings.OnRequest);

        try
        {
            await azurite.WaitUntilListeningAsync(cancellationToken);
            return azurite;
        }
        catch
        {
            await azurite.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var timeout = new CancellationTokenSource(EndTimeout);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private static IEnumerable<string> Arguments(AzuriteSettings settings) =>
    [
        "--blobPort", settings.Ports.Blob.ToString(CultureInfo.InvariantCulture),
        "--queuePort", settings.Ports.Queue.ToString(CultureInfo.InvariantCulture),
        "--tablePort", settings.Ports.Table.ToString(CultureInfo.InvariantCulture),
        .. settings.DataFolder is { } folder ? (string[])["--location", folder] : ["--inMemoryPersistence"],
        .. settings.OnRequest is null ? (string[])["--silent"] : [],
    ];

    private async Task WaitUntilListeningAsync(CancellationToken cancellationToken)
    {
        // Also reads both outputs to their end, so the report of an early exit contains all output.
        var ended = _process.WaitForExitAsync(cancellationToken);
        try
        {
            var first = await Task.WhenAny(_listening.Task, ended).WaitAsync(StartTimeout, cancellationToken);
            await first;
        }
        catch (TimeoutException)
        {
            throw new StartupException($"Azurite did not listen within {StartTimeout.TotalSeconds} seconds: {LastLines()}");
        }

        if (!_listening.Task.IsCompleted)
        {
            throw new StartupException($"Azurite ended during its start: {LastLines()}");
        }
    }

    private void ReadLine(string? line)
    {
        if (line is null)
        {
            return;
        }

        if (ListeningLine().Match(line) is { Success: true } listening)
        {
            SetPort(listening.Groups["service"].Value, int.Parse(listening.Groups["port"].ValueSpan));
        }
        else if (line.StartsWith("127.0.0.1 ", StringComparison.Ordinal))
        {
            _onRequest?.Invoke(line);
        }

        Remember(line);
    }

    private void SetPort(string service, int port)
    {
        Ports = service switch
        {
            "Blob" => Ports with { Blob = port },
            "Queue" => Ports with { Queue = port },
            _ => Ports with { Table = port },
        };

        // The table service starts last.
        if (service == "Table")
        {
            _listening.TrySetResult();
        }
    }

    private void Remember(string line)
    {
        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > MaxReportedLines)
            {
                _lastLines.Dequeue();
            }
        }
    }

    private string LastLines()
    {
        lock (_lastLines)
        {
            return string.Join(' ', _lastLines);
        }
    }

    [GeneratedRegex(@"^Azurite (?<service>Blob|Queue|Table) service is successfully listening at http://127\.0\.0\.1:(?<port>\d+)$")]
    private static partial Regex ListeningLine();
}
