using ImageResize.Core.Errors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Sources.Folder;

/// <summary>
/// Removes unfinished files that ended processes left in the images folder. Only old ones: others may still be being written.
/// </summary>
public sealed partial class UnfinishedSweep(IOptions<SourcesOptions> options, TimeProvider clock, ILogger<UnfinishedSweep> logger)
{
    /// <summary>Writing a thumbnail takes seconds, even on a slow network share.</summary>
    private static readonly TimeSpan MinimumAge = TimeSpan.FromHours(1);

    private readonly UnfinishedFiles _unfinished = UnfinishedFiles.Under(options.Value.ImagesRoot);

    public void Sweep()
    {
        try
        {
            var removed = _unfinished.RemoveWrittenBefore(clock.GetUtcNow() - MinimumAge);
            if (removed > 0)
            {
                LogRemoved(removed);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or RefusedException)
        {
            LogFault(FolderFault.Explain(fault));
        }
    }

    [LoggerMessage(6001, LogLevel.Information, "Removed {Files} unfinished thumbnails", EventName = "UnfinishedSweepRemoved")]
    private partial void LogRemoved(int files);

    [LoggerMessage(
        6002,
        LogLevel.Warning,
        "Unfinished thumbnails were not removed: the images folder {Reason}",
        EventName = "UnfinishedSweepFault")]
    private partial void LogFault(string reason);
}
