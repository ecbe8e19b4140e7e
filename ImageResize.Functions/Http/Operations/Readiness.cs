using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageResize.Functions.Http.Operations;

/// <summary>Looks whether work can be done. One look serves all who ask within some seconds, so that being asked costs nothing.</summary>
internal sealed partial class Readiness(HealthCheckService checks, TimeProvider clock, ILogger<Readiness> logger)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private Task<HealthReport>? _look;
    private long _lookedAt;
    private string _lastSaid = "";

    /// <summary>The report names the parts and why they do not work: for the operator, not for everybody.</summary>
    public Task<HealthReport> LookAsync()
    {
        lock (_lock)
        {
            if (_look is null || (_look.IsCompleted && clock.GetElapsedTime(_lookedAt) > Fresh))
            {
                _lookedAt = clock.GetTimestamp();

                // For all who ask: so whoever hangs up stops it for nobody.
                _look = LookAgainAsync();
            }

            return _look;
        }
    }

    private async Task<HealthReport> LookAgainAsync()
    {
        var report = await checks.CheckHealthAsync(CancellationToken.None);
        var failing = string.Join(", ", report.Entries.Where(IsFailing).Select(part => $"{part.Key} {part.Value.Description ?? "failed"}"));
        if (failing != _lastSaid)
        {
            Say(failing);
            _lastSaid = failing;
        }

        return report;
    }

    private static bool IsFailing(KeyValuePair<string, HealthReportEntry> part) => part.Value.Status != HealthStatus.Healthy;

    private void Say(string failing)
    {
        if (failing.Length > 0)
        {
            LogNotReady(failing);
        }
        else
        {
            LogReady();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Not ready: {Parts}")]
    private partial void LogNotReady(string parts);

    [LoggerMessage(LogLevel.Information, "Ready again")]
    private partial void LogReady();
}
