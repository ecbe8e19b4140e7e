using System.Text.Json;
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

    public JsonElement ReadHostJson() => Read("host.json");

    /// <summary>Every function's name, with its function.json.</summary>
    public Dictionary<string, JsonElement> ReadFunctions() => Directory.GetDirectories(Root)
        .Where(folder => File.Exists(Path.Combine(folder, "function.json")))
        .ToDictionary(folder => Path.GetFileName(folder)!, folder => Read(Path.Combine(folder, "function.json")));

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();

        return ValueTask.CompletedTask;
    }

    private JsonElement Read(string name) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Root, name))).RootElement;
}
