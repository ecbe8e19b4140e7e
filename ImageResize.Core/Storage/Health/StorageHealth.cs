using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageResize.Core.Storage.Health;

/// <summary>
/// Registers the health checks of everything that jobs need: queues, tables, the images folder, and blobs if the settings name containers.
/// </summary>
public static class StorageHealth
{
    /// <summary>Probes of readiness usually time out after a few seconds.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public static IHealthChecksBuilder AddStorage(this IHealthChecksBuilder checks)
    {
        checks.Services.AddSingleton<StorageProbe>();
        checks.Services.AddSingleton<FolderCheck>();

        return checks
            .Add(Registration("queue", services => Check(services, probe => probe.CheckQueueAsync)))
            .Add(Registration("table", services => Check(services, probe => probe.CheckTableAsync)))
            .Add(Registration("blob", services => Check(services, probe => probe.CheckBlobsAsync)))
            .Add(Registration("folder", services => services.GetRequiredService<FolderCheck>()));
    }

    private static HealthCheckRegistration Registration(string name, Func<IServiceProvider, IHealthCheck> check) =>
        new(name, check, failureStatus: null, tags: null, Timeout);

    private static StorageCheck Check(IServiceProvider services, Func<StorageProbe, Func<CancellationToken, Task>> ask) =>
        new(ask(services.GetRequiredService<StorageProbe>()), services.GetRequiredService<TimeProvider>());
}
