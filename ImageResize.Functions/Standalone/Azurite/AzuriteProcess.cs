using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ImageResize.Functions.Development;

/// <param name="DataFolder">Where Azurite keeps its data; null for nowhere but memory.</param>
/// <param name="HearRequest">Called with a line of Azurite's access log for each request; null for no access log.</param>
internal sealed record AzuriteSettings(AzuritePorts Ports, string? DataFolder = null, Action<string>? HearRequest = null);

/// <summary>A running Azurite. It saves its data and ends when this is disposed of, and also when this program is killed.</summary>
internal sealed partial class AzuriteProcess : IAsyncDisposable
{
    private const int LinesToReport = 5;

    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);

    // The guard itself gives up saving after 20 seconds.
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(25);

    private readonly Process _process;
    private readonly Action<string>? _hearRequest;
    private readonly Queue<string> _lastLines = new();
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AzuriteProcess(Process process, Action<string>? hearRequest)
    {
        _process = process;
        _hearRequest = hearRequest;
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>The ports it listens on, also where the settings left the choice to the system.</summary>
    public AzuritePorts Ports { get; private set; } = AzuritePorts.Any;

    /// <exception cref="StartupException">It ended, or did not listen in time; the message has its last lines.</exception>
    public static async Task<AzuriteProcess> StartAsync(
        AzuritePackage package, AzuriteSettings settings, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("node", [package.Guard, .. Arguments(settings)])
        {
            RedirectStandardInput = true, // kept open: its end is the guard's sign to leave
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        var azurite = new AzuriteProcess(Process.Start(start)!, settings.HearRequest);

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
        using var patience = new CancellationTokenSource(EndsWithin);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
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
        .. settings.HearRequest is null ? (string[])["--silent"] : [],
    ];

    private async Task WaitUntilListeningAsync(CancellationToken cancellationToken)
    {
        // Also reads both outputs to their end, so an early exit is reported with everything that was said.
        var ended = _process.WaitForExitAsync(cancellationToken);
        try
        {
            var first = await Task.WhenAny(_listening.Task, ended).WaitAsync(StartsWithin, cancellationToken);
            await first;
        }
        catch (TimeoutException)
        {
            throw new StartupException($"Azurite did not listen within {StartsWithin.TotalSeconds} seconds: {LastLines()}");
        }

        if (!_listening.Task.IsCompleted)
        {
            throw new StartupException($"Azurite ended while it started: {LastLines()}");
        }
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }

        if (ListeningLine().Match(line) is { Success: true } listening)
        {
            Listens(listening.Groups["service"].Value, int.Parse(listening.Groups["port"].ValueSpan));
        }
        else if (line.StartsWith("127.0.0.1 ", StringComparison.Ordinal))
        {
            _hearRequest?.Invoke(line);
        }

        Remember(line);
    }

    private void Listens(string service, int port)
    {
        Ports = service switch
        {
            "Blob" => Ports with { Blob = port },
            "Queue" => Ports with { Queue = port },
            _ => Ports with { Table = port },
        };

        // The table service is started last.
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
            if (_lastLines.Count > LinesToReport)
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
