namespace ImageResize.Functions.Hosting;

/// <summary>Logs names that are not settings, once the logging of the host has started.</summary>
internal sealed partial class UnknownSettingsWarning(IReadOnlyList<string> messages, ILogger<UnknownSettingsWarning> logger)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var message in messages)
        {
            LogUnknown(message);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(18002, LogLevel.Warning, "{Message}", EventName = "UnknownSettingsWarningUnknown")]
    private partial void LogUnknown(string message);
}
