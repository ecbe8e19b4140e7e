using System.Diagnostics.Tracing;

namespace ImageResize.Functions.Telemetry;

/// <summary>
/// Logs that export fails, at most once an hour, because OpenTelemetry tells it only to its own event sources
/// (https://github.com/open-telemetry/opentelemetry-dotnet/blob/main/src/OpenTelemetry/README.md#self-diagnostics).
/// </summary>
internal sealed partial class ExportFailureLog(ILogger<ExportFailureLog> logger, TimeProvider clock) : IHostedService, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private Listener? _listener;
    private DateTimeOffset _next;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listener = new Listener();
        _listener.Failed += Log;

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();

        return Task.CompletedTask;
    }

    public void Dispose() => _listener?.Dispose();

    private void Log(string reason)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            if (now < _next)
            {
                return;
            }

            _next = now + Interval;
        }

        LogFailed(reason);
    }

    [LoggerMessage(20001, LogLevel.Warning, "Telemetry can't be exported: {Reason}", EventName = "ExportFailureLogFailed")]
    private partial void LogFailed(string reason);

    private sealed class Listener : EventListener
    {
        public event Action<string>? Failed;

        /// <summary>Also called by the base class's constructor.</summary>
        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name.StartsWith("OpenTelemetry-", StringComparison.Ordinal)
                && eventSource.Name.Contains("Exporter", StringComparison.Ordinal))
            {
                EnableEvents(eventSource, EventLevel.Warning);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            var values = eventData.Payload?.Select(value => $"{value}".Split('\n')[0].Trim()).Where(value => value.Length > 0) ?? [];
            Failed?.Invoke($"{eventData.EventName}: {string.Join("; ", values)}");
        }
    }
}
