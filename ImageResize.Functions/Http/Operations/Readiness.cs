using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageResize.Functions.Http.Operations;

/// <summary>
/// Checks whether jobs can be processed. One check serves all requests within some seconds, so that frequent probes are cheap.
/// </summary>
internal sealed partial class Readiness(HealthCheckService checks, TimeProvider clock, ILogger<Readiness> logger)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private Task<HealthReport>? _check;
    private long _checkedAt;
    private string _lastLogged = "";

    /// <summary>The time since the last check began.</summary>
    public TimeSpan Age
    {
        get
        {
            lock (_lock)
            {
                return clock.GetElapsedTime(_checkedAt);
            }
        }
    }

    /// <summary>The report names failing parts and reasons, which only the operator may see.</summary>
    public Task<HealthReport> GetAsync()
    {
        lock (_lock)
        {
            if (_check is null || (_check.IsCompleted && clock.GetElapsedTime(_checkedAt) > MaxAge))
            {
                _checkedAt = clock.GetTimestamp();

                // Shared by several requests, so none of them can cancel it.
                _check = CheckAsync();
            }

            return _check;
        }
    }

    private async Task<HealthReport> CheckAsync()
    {
        var report = await checks.CheckHealthAsync(CancellationToken.None);
        var failing = string.Join(", ", report.Entries.Where(IsFailing).Select(part => $"{part.Key} {part.Value.Description ?? "failed"}"));
        if (failing != _lastLogged)
        {
            Log(report.Status, failing);
            _lastLogged = failing;
        }

        return report;
    }

    private static bool IsFailing(KeyValuePair<string, HealthReportEntry> part) => part.Value.Status != HealthStatus.Healthy;

    private void Log(HealthStatus status, string failing)
    {
        switch (status)
        {
            case HealthStatus.Unhealthy:
                LogNotReady(failing);
                break;
            case HealthStatus.Degraded:
                LogDegraded(failing);
                break;
            default:
                LogReady();
                break;
        }
    }

    [LoggerMessage(16001, LogLevel.Warning, "Not ready: {Parts}", EventName = "ReadinessNotReady")]
    private partial void LogNotReady(string parts);

    [LoggerMessage(16002, LogLevel.Warning, "Ready, but some jobs will fail: {Parts}", EventName = "ReadinessDegraded")]
    private partial void LogDegraded(string parts);

    [LoggerMessage(16003, LogLevel.Information, "Ready", EventName = "ReadinessReady")]
    private partial void LogReady();
}
