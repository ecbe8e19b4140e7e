namespace ImageResize.Functions.Development;

/// <summary>
/// Azure Storage on a developer's machine: the Azurite that already runs, or one of our own for as long as this program does.
/// </summary>
internal sealed class DevelopmentStorage : IAsyncDisposable
{
    // Ports belong to the whole machine, so does the lock; the user is in its name because others cannot open our files.
    private static readonly string Turn = Path.Combine(Path.GetTempPath(), $"imageresize-{Environment.UserName}-azurite.lock");

    private readonly AzuriteProcess _azurite;

    private DevelopmentStorage(AzuriteProcess azurite) => _azurite = azurite;

    /// <summary>Starts Azurite at the ports that <c>UseDevelopmentStorage=true</c> stands for, unless it runs there already.</summary>
    /// <param name="say">Told in a line what is going on; the first run installs Azurite, which takes a while.</param>
    /// <returns>Null when Azurite already runs: it belongs to someone else, and ends when they say so.</returns>
    /// <exception cref="StartupException">There is no Azurite and none can be started; the message says what to do.</exception>
    public static Task<DevelopmentStorage?> StartAsync(Action<string> say, CancellationToken cancellationToken) =>
        StartAsync(AzuritePorts.WellKnown, dataFolder: null, say, cancellationToken);

    /// <param name="ports">Where to look for Azurite and to start it.</param>
    /// <param name="dataFolder">Null for <c>.azurite</c> at the repository's root.</param>
    /// <param name="say">See the other overload.</param>
    /// <param name="cancellationToken">Gives up, and leaves nothing running.</param>
    public static async Task<DevelopmentStorage?> StartAsync(
        AzuritePorts ports, string? dataFolder, Action<string> say, CancellationToken cancellationToken)
    {
        // Held until Azurite listens, so of two programs that start together the second finds it running.
        using var turn = await LockFile.TakeAsync(Turn, cancellationToken);
        if (await RunsAlreadyAsync(ports, cancellationToken))
        {
            say("Using the Azurite that already runs on this machine.");
            return null;
        }

        if (RepositoryRoot.Find() is not { } root)
        {
            throw new StartupException(
                $"Nothing answers at port {ports.Blob}, and Azurite is started only from a checkout of the source: " +
                "start it yourself, or set AzureWebJobsStorage to a storage account's connection string.");
        }

        var package = new AzuritePackage(root);
        await package.InstallAsync(say, cancellationToken);
        dataFolder ??= Path.Combine(root, ".azurite");
        var azurite = await AzuriteProcess.StartAsync(package, new AzuriteSettings(ports, dataFolder), cancellationToken);
        say($"Started Azurite; its data is in {dataFolder}.");
        return new DevelopmentStorage(azurite);
    }

    public ValueTask DisposeAsync() => _azurite.DisposeAsync();

    private static async Task<bool> RunsAlreadyAsync(AzuritePorts ports, CancellationToken cancellationToken)
    {
        int[] all = [ports.Blob, ports.Queue, ports.Table];
        var holders = await Task.WhenAll(all.Select(port => PortProbe.AskAsync(port, cancellationToken)));

        var taken = Array.IndexOf(holders, PortHolder.SomethingElse);
        if (taken >= 0)
        {
            throw new StartupException(
                $"Port {all[taken]} is taken by another program, and Azurite needs it: " +
                "stop that program, or set AzureWebJobsStorage to a storage account's connection string.");
        }

        var running = Array.IndexOf(holders, PortHolder.Azurite);
        var missing = Array.IndexOf(holders, PortHolder.Nobody);
        if (running >= 0 && missing >= 0)
        {
            throw new StartupException(
                $"Azurite answers at port {all[running]} but nothing does at port {all[missing]}: " +
                "stop it, or start its blob, queue and table services together.");
        }

        return running >= 0;
    }
}
