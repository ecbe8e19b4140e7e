using ImageResize.Functions.Hosting;
using ImageResize.Functions.Standalone.LocalStorage;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Storage;

[assembly: AssemblyFixture(typeof(Azurite))]

namespace ImageResize.Tests.Support;

/// <summary>
/// An Azurite in memory, shared by all tests of a run. Each test uses names of its own. Tests that count requests or stop storage start a
/// <see cref="PrivateAzurite"/>. Without Azurite the run fails.
/// </summary>
public sealed class Azurite : IAsyncLifetime
{
    private AzuriteProcess? _azurite;

    public string ConnectionString => Running.Ports.ConnectionString;

    internal static AzuritePackage Package { get; } = new(RepositoryRoot.Find()
        ?? throw new InvalidOperationException("Tests run from a checkout of the source."));

    private AzuriteProcess Running => _azurite ?? throw new InvalidOperationException("Azurite has not started yet.");

    /// <summary>Returns a new prefix that is valid for names of tables, queues and containers.</summary>
    public static string UniquePrefix() => $"t{Guid.NewGuid():N}"[..16];

    public async ValueTask InitializeAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await Package.InstallAsync(TestContext.Current.SendDiagnosticMessage, cancellationToken);
        _azurite = await AzuriteProcess.StartAsync(Package, new AzuriteSettings(AzuritePorts.Any), cancellationToken);
    }

    public ValueTask DisposeAsync() => _azurite?.DisposeAsync() ?? ValueTask.CompletedTask;
}
