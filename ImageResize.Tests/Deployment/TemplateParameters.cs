namespace ImageResize.Tests.Deployment;

/// <summary>Parameters of infra/main.bicep for both shapes, in one and in three regions. The larger ones use all options.</summary>
internal static class TemplateParameters
{
    public static readonly string[] OneFunctionApp = [];

    public static readonly string[] ThreeFunctionApps =
    [
        "param otherLocations = 'westus3, japaneast'",
        "param callbackSecrets = 'whsec_secret'",
        "param adminKey = 'no-key-but-long-enough'",
    ];

    public static readonly string[] ContainerApps = ["param shape = 'containerapps'"];

    public static readonly string[] ContainerAppsInThreeRegions =
    [
        .. ContainerApps,
        .. ThreeFunctionApps,
        "param imagesShare = true",
        "param apiImage = 'a/b:1'",
        "param workerImage = 'a/b:1'",
    ];

    public static TheoryData<string[]> All => [OneFunctionApp, ThreeFunctionApps, ContainerApps, ContainerAppsInThreeRegions];
}
