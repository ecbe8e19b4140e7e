// Deploys to the other regions what azd has deployed to the first, because azd deploys a service only once:
//
//   dotnet run infra/regions.cs functions|api|worker
//
// azure.yaml runs this as a hook, with azd's outputs as environment variables. With one region it does nothing. Otherwise it needs the
// Azure CLI, signed in to the same subscription.

using System.Diagnostics;

if (args is not [("functions" or "api" or "worker") and { } service])
{
    Console.Error.WriteLine("Usage: dotnet run infra/regions.cs functions|api|worker");
    return 1;
}

var regions = int.Parse(Need("IMAGERESIZE_REGIONS"), System.Globalization.CultureInfo.InvariantCulture);
var group = regions > 1 ? Need("AZURE_RESOURCE_GROUP") : "";
for (var region = 1; region < regions; region++)
{
    if (service == "functions")
    {
        SpreadFunctions(region);
    }
    else
    {
        Run("containerapp", "update", "--name", $"{service}-{region}", "--image", Need($"SERVICE_{service.ToUpperInvariant()}_IMAGE_NAME"));
    }
}

return 0;

// All regions need the same key, because Front Door selects the region.
void SpreadFunctions(int region)
{
    var apps = Need("IMAGERESIZE_FUNCTION_APPS").Split(',');
    Run("functionapp", "deployment", "source", "config-zip", "--name", apps[region], "--src", "out/functions.zip");
    var key = Run("functionapp", "keys", "list", "--name", apps[0], "--query", "functionKeys.default", "--output", "tsv").Trim();
    Run(
        "functionapp", "keys", "set", "--name", apps[region],
        "--key-type", "functionKeys", "--key-name", "default", "--key-value", key, "--output", "none");
}

string Run(params string[] command)
{
    // On Windows az is a script, which only a shell can start.
    var (program, before) = OperatingSystem.IsWindows() ? ("cmd", new[] { "/c", "az" }) : ("az", []);
    var start = new ProcessStartInfo(program, [.. before, .. command, "--resource-group", group]) { RedirectStandardOutput = true };
    using var az = Process.Start(start)!;
    var output = az.StandardOutput.ReadToEnd();
    az.WaitForExit();

    return az.ExitCode == 0
        ? output
        : throw new InvalidOperationException($"az {string.Join(' ', command.Take(3))} failed with exit code {az.ExitCode}.");
}

static string Need(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
    ? value
    : throw new InvalidOperationException($"{name} isn't set. Run this from azd.");
