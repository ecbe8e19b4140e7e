using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>Starts the first child process with the program, and logs where images are decoded.</summary>
internal sealed partial class ChildWarmUp(IsolatedThumbnailer isolated, ILogger<ChildWarmUp> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Factory.StartNew(
        () => Prepare(stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Prepare(CancellationToken stoppingToken)
    {
        try
        {
            isolated.Prepare(stoppingToken);
            LogPosture(isolated.Posture);
        }
        catch (IOException failure)
        {
            LogNotStarted(failure.Message);
        }
        catch (OperationCanceledException)
        {
            // The program stops already.
        }
    }

    [LoggerMessage(11005, LogLevel.Information, "Native decoders: {Posture}", EventName = "ChildWarmUpPosture")]
    private partial void LogPosture(DecoderIsolation posture);

    [LoggerMessage(
        11006,
        LogLevel.Error,
        "No child process can be started, so images that libvips reads fail until one can: {Reason}",
        EventName = "ChildWarmUpNotStarted")]
    private partial void LogNotStarted(string reason);
}
