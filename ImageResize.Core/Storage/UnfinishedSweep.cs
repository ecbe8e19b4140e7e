using ImageResize.Core.Errors;
using ImageResize.Core.Sources;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage;

/// <summary>
/// Removes what dead processes left unfinished in the images folder. Only what is old: another process may be writing the rest.
/// </summary>
public sealed partial class UnfinishedSweep(IOptions<SourcesOptions> options, TimeProvider clock, ILogger<UnfinishedSweep> logger)
{
    /// <summary>A thumbnail is written within seconds, on a slow share too.</summary>
    private static readonly TimeSpan Old = TimeSpan.FromHours(1);

    private readonly UnfinishedFiles _unfinished = UnfinishedFiles.Under(options.Value.ImagesRoot);

    public void Sweep()
    {
        try
        {
            var removed = _unfinished.RemoveWrittenBefore(clock.GetUtcNow() - Old);
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

    [LoggerMessage(LogLevel.Information, "{Files} unfinished thumbnails of dead processes were removed")]
    private partial void LogRemoved(int files);

    [LoggerMessage(LogLevel.Warning, "Unfinished thumbnails could not be removed: the images folder {Reason}")]
    private partial void LogFault(string reason);
}
