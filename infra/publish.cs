// Publishes the package to function apps, and retries while their identities' roles don't work yet, which takes minutes after they are
// assigned:
//
//   dotnet run infra/publish.cs first FILE.zip     the first region, unless it has code already; azd publishes the next packages
//   dotnet run infra/publish.cs others FILE.zip    the other regions, and gives them the first one's key
//
// azure.yaml runs this as hooks, with azd's outputs as environment variables. It signs in as azd does.

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

if (args is not [("first" or "others") and { } regions, { } zip])
{
    Console.Error.WriteLine("Usage: dotnet run infra/publish.cs first|others FILE.zip");
    return 1;
}

var apps = Need("IMAGERESIZE_FUNCTION_APPS").Split(',');
if (regions == "others" && apps.Length == 1)
{
    return 0;
}

using var azure = new Azure(Read("IMAGERESIZE_AZURE_TOKEN") is { Length: > 0 } given ? given : SignIn());
if (regions == "first")
{
    if (!await azure.HasFunctionsAsync(apps[0]))
    {
        await azure.PublishAsync(apps[0], zip);
    }

    return 0;
}

var key = await azure.ReadKeyAsync(apps[0]);
foreach (var app in apps[1..])
{
    await azure.PublishAsync(app, zip);

    // Front Door selects the region, so all need the same key.
    await azure.WriteKeyAsync(app, key);
}

return 0;

static string SignIn()
{
    var start = new ProcessStartInfo("azd", ["auth", "token", "--scope", "https://management.azure.com/.default", "--output", "json"])
    {
        RedirectStandardOutput = true,
    };
    using var azd = Process.Start(start)!;
    var output = azd.StandardOutput.ReadToEnd();
    azd.WaitForExit();

    return azd.ExitCode == 0
        ? JsonDocument.Parse(output).RootElement.GetProperty("token").GetString()!
        : throw new InvalidOperationException($"azd auth token failed with exit code {azd.ExitCode}.");
}

static string Need(string name) => Read(name) is { Length: > 0 } value
    ? value
    : throw new InvalidOperationException($"{name} isn't set. Run this from azd.");

static string? Read(string name) => Environment.GetEnvironmentVariable(name);

/// <summary>Requests to Azure Resource Manager and to the deployment service of function apps.</summary>
internal sealed class Azure : IDisposable
{
    private const string ApiVersion = "2024-11-01";
    private const int Failed = 3;
    private const int Succeeded = 4;

    // Tests replace the addresses and the pause.
    private static readonly string Manager = Setting("IMAGERESIZE_AZURE_MANAGER", "https://management.azure.com");
    private static readonly string Deployments = Setting("IMAGERESIZE_AZURE_DEPLOYMENTS", "https://{0}.scm.azurewebsites.net");
    private static readonly TimeSpan Pause =
        TimeSpan.FromSeconds(double.Parse(Setting("IMAGERESIZE_PUBLISH_PAUSE", "15"), CultureInfo.InvariantCulture));

    /// <summary>With the pause, 15 minutes.</summary>
    private const int Attempts = 60;

    private const int MaxPolls = 600;

    /// <summary>What the platform says while the app's identity has no access to the package's container.</summary>
    private static readonly string[] NotYetAllowed = ["403", "Forbidden", "Authorization", "InaccessibleStorage"];

    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(10) };

    public Azure(string token) => _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

    public void Dispose() => _client.Dispose();

    public async Task<bool> HasFunctionsAsync(string app)
    {
        using var response = await _client.GetAsync($"{Site(app)}/functions?api-version={ApiVersion}");

        // A new app may not be able to say what it has.
        return response.IsSuccessStatusCode && (await ReadAsync(response)).GetProperty("value").GetArrayLength() > 0;
    }

    public async Task<string> ReadKeyAsync(string app)
    {
        using var response = await _client.PostAsync($"{Site(app)}/host/default/listkeys?api-version={ApiVersion}", null);

        return (await ReadAsync(response)).GetProperty("functionKeys").GetProperty("default").GetString()!;
    }

    public async Task WriteKeyAsync(string app, string key)
    {
        var address = $"{Site(app)}/host/default/functionkeys/default?api-version={ApiVersion}";
        var properties = new JsonObject { ["name"] = "default", ["value"] = key };
        using var body = new StringContent(
            new JsonObject { ["properties"] = properties }.ToJsonString(), new MediaTypeHeaderValue("application/json"));
        using var response = await _client.PutAsync(address, body);
        await ReadAsync(response);
    }

    public async Task PublishAsync(string app, string zip)
    {
        for (var attempt = 1; ; attempt++)
        {
            var reason = await TryPublishAsync(app, zip);
            if (reason is null)
            {
                Console.WriteLine($"{app} has the package.");

                return;
            }

            if (attempt == Attempts)
            {
                throw new InvalidOperationException($"{app} can't store the package: {reason}");
            }

            Console.WriteLine($"{app} can't store the package yet; retrying in {Pause.TotalSeconds} s. {reason}");
            await Task.Delay(Pause);
        }
    }

    /// <returns>Why the app can't store the package yet, or null if it is published.</returns>
    private async Task<string?> TryPublishAsync(string app, string zip)
    {
        var service = Deployments.Replace("{0}", app, StringComparison.Ordinal);
        try
        {
            await using var file = File.OpenRead(zip);
            using var body = new StreamContent(file);
            body.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
            using var response = await _client.PostAsync($"{service}/api/publish", body);
            if (IsTemporary(response.StatusCode))
            {
                return $"Status {(int)response.StatusCode}.";
            }

            var id = (await ReadAsync(response)).GetString();

            return await WaitAsync($"{service}/api/deployments/{id}");
        }
        catch (HttpRequestException e)
        {
            // The name of a new app takes a while to exist.
            return e.Message;
        }
    }

    private async Task<string?> WaitAsync(string deployment)
    {
        for (var poll = 0; poll < MaxPolls; poll++)
        {
            using var response = await _client.GetAsync(deployment);

            // The service is restarted when it has stored a package, and forgets the deployment.
            if (!IsTemporary(response.StatusCode) && response.StatusCode != HttpStatusCode.NotFound)
            {
                var state = await ReadAsync(response);
                switch (state.GetProperty("status").GetInt32())
                {
                    case Succeeded:
                        return null;
                    case < 0 or >= Failed:
                        return WhyRetried(state);
                }
            }

            await Task.Delay(TimeSpan.FromSeconds(Math.Min(1, Pause.TotalSeconds)));
        }

        return "The deployment doesn't end.";
    }

    /// <exception cref="InvalidOperationException">The deployment failed for a reason that does not pass.</exception>
    private static string WhyRetried(JsonElement deployment)
    {
        var reason = deployment.TryGetProperty("status_text", out var text) ? text.GetString() ?? "" : "";

        return NotYetAllowed.Any(sign => reason.Contains(sign, StringComparison.OrdinalIgnoreCase))
            ? reason
            : throw new InvalidOperationException($"The deployment failed with status {deployment.GetProperty("status")}: {reason}");
    }

    private static bool IsTemporary(HttpStatusCode status) => status is HttpStatusCode.Forbidden or HttpStatusCode.Conflict
        or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();

        return response.IsSuccessStatusCode
            ? JsonDocument.Parse(text.Length > 0 ? text : "null").RootElement
            : throw new InvalidOperationException($"{response.RequestMessage!.RequestUri} answered {(int)response.StatusCode}: {text}");
    }

    private static string Site(string app) =>
        $"{Manager}/subscriptions/{Setting("AZURE_SUBSCRIPTION_ID", "")}/resourceGroups/{Setting("AZURE_RESOURCE_GROUP", "")}" +
        $"/providers/Microsoft.Web/sites/{app}";

    private static string Setting(string name, string otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : otherwise;
}
