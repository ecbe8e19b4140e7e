using ImageResize.Core.Storage.Blobs;
using ImageResize.Core.Storage.Resilience;

namespace ImageResize.Functions.Standalone.LocalStorage;

/// <summary>Lets the page send large uploads to a local Azurite, in Development. Without it, the page sends them to this program.</summary>
internal sealed partial class BrowserUploadAccess(
    BrowserUploads uploads, IHostEnvironment environment, TimeProvider clock, ILogger<BrowserUploadAccess> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!environment.IsDevelopment())
        {
            return;
        }

        try
        {
            await uploads.AllowAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The start has failed, which has its own message.
        }
        catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
        {
            LogUnavailable(StorageFault.Explain(fault, clock.GetUtcNow()));
        }
    }

    [LoggerMessage(
        19009,
        LogLevel.Debug,
        "Pages send large uploads to this program, because the rule that allows them to use storage was not set: storage {Reason}",
        EventName = "BrowserUploadAccessUnavailable")]
    private partial void LogUnavailable(string reason);
}
