using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using ImageResize.Functions.Hosting;
using ImageResize.Functions.Standalone.LocalStorage;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Web;

namespace ImageResize.Tests.Deployment;

/// <summary>infra/publish.cs against doubles of Azure Resource Manager and of the deployment service of function apps.</summary>
public sealed class PublishTests
{
    private const string Site = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/";

    /// <summary>Five minutes, at an attempt every 15 seconds.</summary>
    private const int RefusedAttempts = 20;

    [Fact]
    public async Task A_package_is_published_although_the_identity_has_no_access_for_five_minutes()
    {
        await using var azure = new StubServer();
        azure.Answer($"{Site}app-0/functions?api-version=2024-11-01", Json("200 OK", """{ "value": [] }"""));
        Deploys(azure, "app-0", RefusedAttempts);

        var run = await PublishAsync(azure, "first", "app-0");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(
            RefusedAttempts + 1,
            azure.Requests.Count(request => request.StartsWith("POST /app-0/api/publish ", StringComparison.Ordinal)));
        Assert.EndsWith("app-0 has the package.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_first_region_that_has_code_is_left_to_azd()
    {
        await using var azure = new StubServer();
        azure.Answer($"{Site}app-0/functions?api-version=2024-11-01", Json("200 OK", """{ "value": [ { "name": "Health" } ] }"""));

        var run = await PublishAsync(azure, "first", "app-0");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Single(azure.Requests);
    }

    [Fact]
    public async Task Other_regions_get_the_package_and_the_first_ones_key()
    {
        await using var azure = new StubServer();
        azure.Answer(
            $"{Site}app-0/host/default/listkeys?api-version=2024-11-01",
            Json("200 OK", """{ "functionKeys": { "default": "k\"1" } }"""));
        Deploys(azure, "app-1", refused: 1);
        azure.Answer($"{Site}app-1/host/default/functionkeys/default?api-version=2024-11-01", Json("201 Created", "{}"));

        var run = await PublishAsync(azure, "others", "app-0,app-1");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("""{"properties":{"name":"default","value":"k\u00221"}}""", azure.Bodies);
    }

    [Fact]
    public async Task A_deployment_that_fails_for_another_reason_is_not_repeated()
    {
        await using var azure = new StubServer();
        azure.Answer($"{Site}app-0/functions?api-version=2024-11-01", Json("200 OK", """{ "value": [] }"""));
        azure.Answer("/app-0/api/publish", Json("202 Accepted", "\"1\""));
        azure.Answer("/app-0/api/deployments/1", Json("200 OK", """{ "status": 3, "status_text": "The package is no zip file." }"""));

        var run = await PublishAsync(azure, "first", "app-0");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("The package is no zip file.", run.Errors, StringComparison.Ordinal);
    }

    /// <summary>Half of the refusals are answers with 403, the others failed deployments, as the service reports them.</summary>
    private static void Deploys(StubServer azure, string app, int refused)
    {
        var attempts = 0;
        var results = new ConcurrentQueue<string>();
        azure.Pages[$"/{app}/api/publish"] = async (stream, cancellationToken) =>
        {
            var attempt = Interlocked.Increment(ref attempts);
            var isForbidden = attempt <= refused && attempt % 2 == 1;
            if (!isForbidden)
            {
                results.Enqueue(attempt <= refused
                    ? """{ "status": 3, "status_text": "InaccessibleStorageException: Response status code: 403" }"""
                    : """{ "status": 4 }""");
            }

            var reply = isForbidden ? Json("403 Forbidden", "") : Json("202 Accepted", "\"1\"");
            await stream.WriteAsync(Encoding.UTF8.GetBytes(reply), cancellationToken);
        };
        azure.Pages[$"/{app}/api/deployments/1"] = async (stream, cancellationToken) =>
        {
            results.TryDequeue(out var result);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(Json("200 OK", result!)), cancellationToken);
        };
    }

    private static string Json(string status, string body) => string.Create(
        CultureInfo.InvariantCulture,
        $"HTTP/1.1 {status}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}");

    private static async Task<ToolResult> PublishAsync(StubServer azure, string regions, string apps)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Variables are passed by env.");
        using var folder = new TemporaryFolder();
        var zip = folder.Write("functions.zip", [1, 2, 3]);

        return await Tool.RunAsync(
            "env",
            [
                "IMAGERESIZE_AZURE_TOKEN=token",
                $"IMAGERESIZE_AZURE_MANAGER=http://{azure.Place}",
                $"IMAGERESIZE_AZURE_DEPLOYMENTS=http://{azure.Place}/{{0}}",
                "IMAGERESIZE_PUBLISH_PAUSE=0",
                "AZURE_SUBSCRIPTION_ID=s",
                "AZURE_RESOURCE_GROUP=g",
                $"IMAGERESIZE_FUNCTION_APPS={apps}",
                "dotnet", "run", "infra/publish.cs", regions, zip,
            ],
            RepositoryRoot.Find()!,
            TestContext.Current.CancellationToken);
    }
}
