using ImageResize.Core.Storage.Outages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageResize.Core.Storage.Health;

/// <summary>What must work before work can be done: the queue, the table, the folder for thumbnails, and blobs where settings name some.</summary>
public static class StorageHealth
{
    /// <summary>Whoever probes us waits a few seconds himself.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public static IHealthChecksBuilder AddStorage(this IHealthChecksBuilder checks)
    {
        checks.Services.AddSingleton<StorageProbe>();
        checks.Services.AddSingleton<FolderCheck>();

        return checks
            .Add(Registration("queue", services => Check(services, probe => probe.AskQueueAsync)))
            .Add(Registration("table", services => Check(services, probe => probe.AskTableAsync)))
            .Add(Registration("blob", services => Check(services, probe => probe.AskBlobsAsync)))
            .Add(Registration("folder", services => services.GetRequiredService<FolderCheck>()));
    }

    private static HealthCheckRegistration Registration(string name, Func<IServiceProvider, IHealthCheck> check) =>
        new(name, check, failureStatus: null, tags: null, Limit);

    private static StorageCheck Check(IServiceProvider services, Func<StorageProbe, Func<CancellationToken, Task>> ask) =>
        new(ask(services.GetRequiredService<StorageProbe>()), services.GetRequiredService<TimeProvider>());
}
