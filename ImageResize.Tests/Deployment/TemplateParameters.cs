using System.Text.RegularExpressions;

namespace ImageResize.Tests.Deployment;

/// <summary>Parameters of infra/main.bicep for both shapes, in one and in three regions. The larger ones use all options.</summary>
internal static partial class TemplateParameters
{
    public const string ContainerShape = "param shape = 'containerapps'";

    public static readonly string[] Required =
        ["param environmentName = 'test'", "param location = 'westeurope'", "param apiKey = 'no-key-but-long-enough-for-one'"];

    public static readonly string[] OneFunctionApp = [];

    public static readonly string[] ThreeFunctionApps =
    [
        "param otherLocations = 'westus3, japaneast'",
        "param callbackSecrets = 'whsec_secret'",
        "param adminKey = 'no-key-but-long-enough'",
        "param addressKey = 'no-key-but-long-enough-to-sign-addresses'",
        "param privateNetwork = true",
        "param zoneRedundant = true",
        "param alwaysReady = 'http=1, function:ProcessWork=2'",
        "param alertEmails = 'one@example.com, two@example.com'",
        "param monthlyBudget = 50",
    ];

    public static readonly string[] ContainerApps = [ContainerShape];

    public static readonly string[] ContainerAppsInThreeRegions = [ContainerShape, .. ThreeFunctionApps, "param imagesShare = true"];

    /// <summary>The parameters of infra/containers.bicep with their values if they aren't given.</summary>
    private static readonly string[] Containers =
    [
        "param environmentName = 'test'",
        "param location = 'westeurope'",
        "param otherLocations = ''",
        "param image = 'registry/image:1'",
        "param imagesShare = false",
        "param imageContainers = 'images'",
        "param watchedContainers = ''",
        "param minApis = 1",
        "param stableRevisions = ''",
        "param newPercent = 10",
    ];

    /// <summary>The parameters of infra/containers.bicep that have a default.</summary>
    private static readonly string[] Optional = ["settings", "presets", "watches"];

    public static TheoryData<string[]> All => [OneFunctionApp, ThreeFunctionApps, ContainerApps, ContainerAppsInThreeRegions];

    /// <summary>The parameters of infra/containers.bicep for given ones of infra/main.bicep.</summary>
    public static IEnumerable<string> OfContainers(string[] parameters)
    {
        var given = parameters.ToDictionary(NameOf);
        string[] secrets =
        [
            "api-key", .. given.ContainsKey("addressKey") ? ["address-key"] : Array.Empty<string>(),
            .. given.ContainsKey("adminKey") ? ["admin-key"] : Array.Empty<string>(),
            .. given.ContainsKey("callbackSecrets") ? ["callback-secrets"] : Array.Empty<string>(),
        ];
        var regions = given.TryGetValue("otherLocations", out var others) ? others.Count(letter => letter == ',') + 2 : 1;
        var addresses = regions == 1 ? [] : Enumerable.Range(0, regions).Select(region => $"'https://api-{region}.example.com'");

        return
        [
            .. Containers.Select(line => given.GetValueOrDefault(NameOf(line), line)),
            .. given.Where(parameter => Optional.Contains(parameter.Key)).Select(parameter => parameter.Value),
            $"param secretNames = '{string.Join(',', secrets)}'",
            $"param addresses = [{string.Join(", ", addresses)}]",
        ];
    }

    private static string NameOf(string line) => Name().Match(line).Groups[1].Value;

    [GeneratedRegex(@"^param (\w+)")]
    private static partial Regex Name();
}
