using ImageResize.Core.Errors;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Folder;
using ImageResize.Core.Storage.Blobs;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage.Health;

/// <summary>Whether a thumbnail of a usual size could be written to the images folder now.</summary>
internal sealed class FolderCheck(
    IOptions<SourcesOptions> sources,
    IOptions<BlobOptions> blobs,
    IOptions<ThumbnailOptions> thumbnails) : IHealthCheck
{
    private static readonly byte[] UsualThumbnail = new byte[64 * 1024];

    private readonly string _root = sources.Value.ImagesRoot;
    private readonly UnfinishedFiles _unfinished = UnfinishedFiles.Under(sources.Value.ImagesRoot);
    private Task<HealthCheckResult>? _looking;

    /// <summary>A network share can hold a call for minutes, whatever our limit. So a look that is still under way is not joined by another.</summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (_looking is null or { IsCompleted: true })
        {
            _looking = Task.Run(Look, CancellationToken.None);
        }

        return _looking.WaitAsync(cancellationToken);
    }

    private HealthCheckResult Look()
    {
        // Nobody who works on blobs alone needs to mount a folder. It is not made here: it may come back by being mounted.
        if (!Directory.Exists(_root))
        {
            var isNeeded = blobs.Value.Containers.Length == 0 && thumbnails.Value.OutputContainer.Length == 0;

            return isNeeded ? HealthCheckResult.Unhealthy("is missing") : HealthCheckResult.Healthy();
        }

        try
        {
            _unfinished.Write(UsualThumbnail, File.Delete);

            return HealthCheckResult.Healthy();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or RefusedException)
        {
            return HealthCheckResult.Unhealthy(FolderFault.Explain(fault));
        }
    }
}
