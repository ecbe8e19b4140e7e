using System.Diagnostics;
using System.Text;
using ImageResize.Tests.Deployment.Permissions;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;
using ImageResize.Tests.Support.Processes;

namespace ImageResize.Tests.Deployment.Identity;

/// <summary>The published app as Azure starts it: with the deployed settings, its identity and a read-only package.</summary>
[Collection(PublishedAppTests.Name)]
public sealed class DeployedAppTests(PublishedApp published, Bicep bicep, ITestOutputHelper output) : IClassFixture<Bicep>
{
    private const string ClientId = "6f2c1b0a-1111-4222-8333-944455556666";
    private const string Monitor = "westeurope.monitor.example";

    private static readonly Dictionary<string, string> References = new()
    {
        ["clientId"] = ClientId,
        ["ConnectionString"] = $"InstrumentationKey=00000000-0000-4000-8000-000000000001;IngestionEndpoint=https://{Monitor}/",
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_function_app_is_ready_with_exactly_its_settings_its_identity_and_a_read_only_package()
    {
        var stack = await bicep.EvaluateAsync(TemplateParameters.OneFunctionApp);
        var account = Stack.Name(Assert.Single(stack.Accounts));
        await using var azurite = await DeployedAzurite.StartAsync(stack);
        await using var azure = await AzureDouble.StartAsync(azurite.Ports, account, Token);
        await using var package = await ReadOnlyFolder.MountAsync(published.Root);
        var settings = EvaluatedSettings.Of(Assert.Single(stack.Of("Microsoft.Web/sites")), References);
        azure.Environment.ToList().ForEach(variable => settings.Add(variable.Key, variable.Value));

        // The double reads queues with a connection string, so it reads none. The real host has the same identity.
        var started = Stopwatch.GetTimestamp();
        await using var host = await FunctionsHostDouble.StartAsync(
            new FunctionApp(package.Path), settings, new HostSetup { ReceivesMessages = false }, Token);
        await Eventually.Async(
            async () => (await host.SendAsync(HttpMethod.Get, "/health/ready")).Status == 200 ? "ready" : null, TimeSpan.FromSeconds(30));
        output.WriteLine($"Ready after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s.");

        Assert.Equal(200, await MakeThumbnailAsync(host, "blob://images/photo.jpg"));
        await Eventually.Async(() => azure.Requests.Contains(Monitor));
        Assert.All(azure.Clients, client => Assert.Equal(ClientId, client));
        Assert.Superset(
            new HashSet<string>(["blob", "queue", "table"]).Select(service => $"{account}.{service}.core.windows.net").ToHashSet(),
            azure.Requests.ToHashSet());
        Assert.Equal(0, host.WorkerExits);
    }

    private static async Task<int> MakeThumbnailAsync(FunctionsHostDouble host, string source)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/thumbnails")
        {
            Content = new StringContent($$"""{ "source": "{{source}}", "width": 40 }""", Encoding.UTF8, "application/json"),
        };
        using var response = await host.SendAsync(request, Token);

        return (int)response.StatusCode;
    }
}
