using ImageResize.Core.Errors;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Blobs;
using ImageResize.Core.Sources.Folder;
using ImageResize.Core.Sources.Thumbnails;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage.Health;

/// <summary>Checks that a thumbnail can be written to the images folder.</summary>
internal sealed class FolderCheck(
    IOptions<SourcesOptions> sources,
    IOptions<BlobOptions> blobs,
    IOptions<ThumbnailOptions> thumbnails) : IHealthCheck
{
    private static readonly byte[] SampleThumbnail = new byte[64 * 1024];

    private readonly string _root = sources.Value.ImagesRoot;
    private readonly UnfinishedFiles _unfinished = UnfinishedFiles.Under(sources.Value.ImagesRoot);
    private Task<HealthCheckResult>? _check;

    /// <summary>
    /// A call to a network share can hang for minutes in spite of the timeout, so a new check is only started when the last one has ended.
    /// </summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (_check is null or { IsCompleted: true })
        {
            _check = Task.Run(Check, CancellationToken.None);
        }

        return _check.WaitAsync(cancellationToken);
    }

    private HealthCheckResult Check()
    {
        // The folder is not needed if only blobs are used. It is not created here, because it may be mounted later.
        if (!Directory.Exists(_root))
        {
            var isNeeded = blobs.Value.Containers.Length == 0 && thumbnails.Value.OutputContainer.Length == 0;

            return isNeeded ? HealthCheckResult.Unhealthy("is missing") : HealthCheckResult.Healthy();
        }

        try
        {
            _unfinished.Write(SampleThumbnail, File.Delete);

            return HealthCheckResult.Healthy();
        }
        catch (IOException fault) when (FolderFault.IsFull(fault))
        {
            // Everything else works. Jobs with thumbnails in this folder are retried, and fail with this reason if it stays full.
            return HealthCheckResult.Degraded(FolderFault.Explain(fault));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or RefusedException)
        {
            return HealthCheckResult.Unhealthy(FolderFault.Explain(fault));
        }
    }
}
