using Azure;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageResize.Core.Storage.Health;

/// <summary>Whether one service of the storage account answers. What is missing there is made when needed, so 404 is an answer too.</summary>
internal sealed class StorageCheck(Func<CancellationToken, Task> ask, TimeProvider clock) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await ask(cancellationToken);

            return HealthCheckResult.Healthy();
        }
        catch (Exception fault) when (fault is RequestFailedException || StorageFault.IsPassing(fault))
        {
            return HealthCheckResult.Unhealthy(StorageFault.Explain(fault, clock.GetUtcNow()));
        }
    }
}
