using ImageResize.Functions;
using ImageResize.Functions.Development;

namespace ImageResize.Tests.Support.FunctionsHost;

/// <summary>Tests that start the published app share one.</summary>
[CollectionDefinition(Name)]
public sealed class PublishedAppTests : ICollectionFixture<PublishedApp>
{
    public const string Name = "Published app";
}

/// <summary>The complete function app, published once for all tests that start it as the Functions host does.</summary>
public sealed class PublishedApp : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public string Root => _folder["out"];

    public async ValueTask InitializeAsync()
    {
        var repository = RepositoryRoot.Find()!;
        var publish = await Tool.RunAsync(
            "dotnet",
            ["publish", Path.Combine(repository, "ImageResize.Functions"), "-o", Root, "-c", "Release", "--nologo", "-v", "quiet"],
            repository,
            TestContext.Current.CancellationToken);

        Assert.True(publish.ExitCode == 0, publish.Output + publish.Errors);
    }

    internal FunctionApp Read() => new(Root);

    /// <summary>Starts it under a host of its own.</summary>
    /// <param name="pulling">None: the test posts the queues' messages by hand.</param>
    internal Task<FunctionsHostDouble> StartAsync(IReadOnlyDictionary<string, string> settings, HostPulling? pulling = null) =>
        FunctionsHostDouble.StartAsync(Read(), settings, pulling, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();

        return ValueTask.CompletedTask;
    }
}
