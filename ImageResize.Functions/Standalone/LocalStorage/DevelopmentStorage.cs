using ImageResize.Functions.Hosting;

namespace ImageResize.Functions.Standalone.LocalStorage;

/// <summary>
/// Azure Storage on a developer's machine: an Azurite that already runs, or one that is started and ends with this process.
/// </summary>
internal sealed class DevelopmentStorage : IAsyncDisposable
{
    // One lock for the machine, because the ports are the machine's. The name contains the user, because other users can't open the file.
    private static readonly string LockPath = Path.Combine(Path.GetTempPath(), $"imageresize-{Environment.UserName}-azurite.lock");

    private readonly AzuriteProcess _azurite;

    private DevelopmentStorage(AzuriteProcess azurite) => _azurite = azurite;

    /// <summary>Starts Azurite at the ports of <c>UseDevelopmentStorage=true</c>, unless it already runs there.</summary>
    /// <param name="report">Receives a line for each step. The first run installs Azurite, which takes some time.</param>
    /// <returns>Null if Azurite already runs. It is then not ended by this process.</returns>
    /// <exception cref="StartupException">Azurite does not run and can't be started. The message says what to do.</exception>
    public static Task<DevelopmentStorage?> StartAsync(Action<string> report, CancellationToken cancellationToken) =>
        StartAsync(AzuritePorts.WellKnown, dataFolder: null, report, cancellationToken);

    /// <param name="ports">The ports to check and to start Azurite at.</param>
    /// <param name="dataFolder">Null for <c>.azurite</c> in the repository's root.</param>
    /// <param name="report">See the other overload.</param>
    /// <param name="cancellationToken">Cancels the start and leaves nothing running.</param>
    public static async Task<DevelopmentStorage?> StartAsync(
        AzuritePorts ports, string? dataFolder, Action<string> report, CancellationToken cancellationToken)
    {
        // Held until Azurite listens, so that of two processes that start together the second finds it running.
        using var startLock = await LockFile.TakeAsync(LockPath, cancellationToken);
        if (await IsRunningAsync(ports, cancellationToken))
        {
            report("Using the Azurite that already runs on this machine.");
            return null;
        }

        if (RepositoryRoot.Find() is not { } root)
        {
            throw new StartupException(
                $"Nothing listens on port {ports.Blob}, and Azurite is started only from a clone of the repository: " +
                "start it yourself, or set AzureWebJobsStorage to a storage account's connection string.");
        }

        var package = new AzuritePackage(root);
        await package.InstallAsync(report, cancellationToken);
        dataFolder ??= Path.Combine(root, ".azurite");
        var azurite = await AzuriteProcess.StartAsync(package, new AzuriteSettings(ports, dataFolder), cancellationToken);
        report($"Started Azurite; its data is in {dataFolder}.");
        return new DevelopmentStorage(azurite);
    }

    public ValueTask DisposeAsync() => _azurite.DisposeAsync();

    private static async Task<bool> IsRunningAsync(AzuritePorts ports, CancellationToken cancellationToken)
    {
        int[] all = [ports.Blob, ports.Queue, ports.Table];
        var states = await Task.WhenAll(all.Select(port => PortProbe.GetStateAsync(port, cancellationToken)));

        var taken = Array.IndexOf(states, PortState.OtherProgram);
        if (taken >= 0)
        {
            throw new StartupException(
                $"Port {all[taken]} is used by another program, and Azurite needs it: " +
                "stop that program, or set AzureWebJobsStorage to a storage account's connection string.");
        }

        var running = Array.IndexOf(states, PortState.Azurite);
        var missing = Array.IndexOf(states, PortState.Free);
        if (running >= 0 && missing >= 0)
        {
            throw new StartupException(
                $"Azurite listens on port {all[running]} but nothing listens on port {all[missing]}: " +
                "stop it, or start its blob, queue and table services together.");
        }

        return running >= 0;
    }
}
