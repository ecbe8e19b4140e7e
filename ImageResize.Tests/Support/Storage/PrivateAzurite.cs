using System.Collections.Concurrent;
using ImageResize.Functions.Standalone.LocalStorage;
using ImageResize.Tests.Support.Processes;

namespace ImageResize.Tests.Support.Storage;

/// <summary>
/// An Azurite for one test, which can stop it, restart it with its data at the same ports, freeze it and count its requests. It is never
/// killed, because Azurite saves its data only every 5 seconds.
/// </summary>
internal sealed class PrivateAzurite : IAsyncDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly AzuritePorts _ports = FreePorts.Take();
    private readonly ConcurrentQueue<string> _requests = new();

    private AzuriteProcess? _azurite;
    private bool _isFrozen;

    private PrivateAzurite()
    {
    }

    public AzuritePorts Ports => _ports;

    public string ConnectionString => _ports.ConnectionString;

    /// <summary>
    /// Azurite's access log: a line for each request, with its verb, path and status. It is written after the responses, and complete
    /// after <see cref="StopAsync"/>.
    /// </summary>
    public IReadOnlyCollection<string> Requests => _requests;

    private AzuriteProcess Running => _azurite ?? throw new InvalidOperationException("Azurite has been stopped.");

    public static async Task<PrivateAzurite> StartAsync(CancellationToken cancellationToken)
    {
        var azurite = new PrivateAzurite();
        await azurite.RestartAsync(cancellationToken);
        return azurite;
    }

    /// <summary>Stops Azurite. Connections are refused from now on.</summary>
    public async Task StopAsync()
    {
        await Running.DisposeAsync();
        _azurite = null;
    }

    /// <summary>Restarts Azurite after <see cref="StopAsync"/>, with the same data at the same ports.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken) =>
        _azurite = await AzuriteProcess.StartAsync(
            Azurite.Package,
            new AzuriteSettings(_ports, _data.Path, _requests.Enqueue),
            cancellationToken);

    /// <summary>Suspends Azurite: connections are accepted but get no response. Not on Windows.</summary>
    public async Task FreezeAsync()
    {
        await UnixSignal.SendAsync("STOP", Running.Id);
        _isFrozen = true;
    }

    public async Task ThawAsync()
    {
        await UnixSignal.SendAsync("CONT", Running.Id);
        _isFrozen = false;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isFrozen)
        {
            await ThawAsync();
        }

        if (_azurite is not null)
        {
            await StopAsync();
        }

        _data.Dispose();
    }
}
