using ImageResize.Functions.Hosting;
using ImageResize.Functions.Standalone.LocalStorage;

namespace ImageResize.Tests.Support.FunctionsHost;

/// <summary>Tests that start the published app share one.</summary>
[CollectionDefinition(Name)]
public sealed class PublishedAppTests : ICollectionFixture<PublishedApp>
{
    public const string Name = "Published app";
}

/// <summary>
/// The complete function app, published once for all tests that start it as the Functions host does; or the package in
/// <see cref="Package"/>, started as on Azure.
/// </summary>
public sealed class PublishedApp : IAsyncLifetime
{
    /// <summary>An environment variable: a folder with the self-contained package, unpacked.</summary>
    private const string Package = "IMAGERESIZE_PACKAGE";

    private readonly TemporaryFolder _folder = new();
    private readonly string? _package = Environment.GetEnvironmentVariable(Package);

    public string Root => _package ?? _folder["out"];

    public async ValueTask InitializeAsync()
    {
        if (_package is not null)
        {
            return;
        }

        var repository = RepositoryRoot.Find()!;
        var publish = await Tool.RunAsync(
            "dotnet",
            ["publish", Path.Combine(repository, "ImageResize.Functions"), "-o", Root, "-c", "Release", "--nologo", "-v", "quiet"],
            repository,
            TestContext.Current.CancellationToken);

        Assert.True(publish.ExitCode == 0, publish.Output + publish.Errors);
    }

    internal FunctionApp Read() => new(Root);

    /// <summary>Starts the app under its own host, with tables and queues of its own.</summary>
    internal Task<FunctionsHostDouble> StartAsync(Azurite azurite, TemporaryFolder images)
    {
        var name = Azurite.UniquePrefix();
        var settings = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = azurite.ConnectionString,
            ["ImageResize__Sources__ImagesRoot"] = images.Path,
            ["ImageResize__Storage__TablePrefix"] = name,
            ["ImageResize__Storage__WorkQueue"] = name,
        };

        return StartAsync(settings, new HostSetup { WorkQueue = name });
    }

    /// <summary>Starts the app under its own host.</summary>
    internal Task<FunctionsHostDouble> StartAsync(IReadOnlyDictionary<string, string> settings, HostSetup setup) =>
        FunctionsHostDouble.StartAsync(Read(), settings, setup, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();

        return ValueTask.CompletedTask;
    }
}
