using Azure;
using ImageResize.Core.Storage.Resilience;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageResize.Core.Storage.Health;

/// <summary>Checks that a service of the storage account responds.</summary>
internal sealed class StorageCheck(Func<CancellationToken, Task> ask, TimeProvider clock) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await ask(cancellationToken);

            return HealthCheckResult.Healthy();
        }
        catch (Exception fault) when (fault is RequestFailedException || StorageFault.IsTransient(fault))
        {
            return HealthCheckResult.Unhealthy(StorageFault.Explain(fault, clock.GetUtcNow()));
        }
    }
}
