using static ImageResize.Tests.Deployment.Stack;

namespace ImageResize.Tests.Deployment;

[Collection(BicepTests.Name)]
public sealed class DeployedRegionTests(Bicep bicep)
{
    public static TheoryData<string[], int> RegionCounts => new()
    {
        { TemplateParameters.OneFunctionApp, 1 },
        { TemplateParameters.ThreeFunctionApps, 3 },
        { TemplateParameters.ContainerApps, 1 },
        { TemplateParameters.ContainerAppsInThreeRegions, 3 },
    };

    public static TheoryData<string[]> ThreeRegions =>
        [TemplateParameters.ThreeFunctionApps, TemplateParameters.ContainerAppsInThreeRegions];

    [Theory]
    [MemberData(nameof(RegionCounts))]
    public async Task Every_region_has_its_number_and_the_addresses_of_all(string[] parameters, int regions)
    {
        var stack = await bicep.EvaluateAsync(parameters);

        Assert.Equal(regions, stack.Accounts.Count());
        Assert.All(stack.Apps, app => Assert.Matches($@"ImageResize__Regions__Number\W+value\W+{Name(app)[^1]}\b", app.GetRawText()));
        Assert.All(stack.Apps, app => Assert.Equal(
            regions > 1 ? regions : 0,
            SettingsOf(app).Count(name => name.Contains("Regions__Addresses__", StringComparison.Ordinal))));
    }

    [Theory]
    [MemberData(nameof(ThreeRegions))]
    public async Task Front_Door_probes_whether_regions_are_ready(string[] parameters)
    {
        var stack = await bicep.EvaluateAsync(parameters);
        var group = Assert.Single(stack.Of("Microsoft.Cdn/profiles/originGroups")).GetProperty("properties");

        Assert.Equal("/health/ready", group.GetProperty("healthProbeSettings").GetProperty("probePath").GetString());
        Assert.Equal(0, group.GetProperty("loadBalancingSettings").GetProperty("additionalLatencyInMilliseconds").GetInt32());
        Assert.Equal(3, stack.Of("Microsoft.Cdn/profiles/originGroups/origins").Count());
    }

    [Fact]
    public async Task A_single_region_has_no_Front_Door()
    {
        var stack = await bicep.EvaluateAsync(TemplateParameters.OneFunctionApp);

        Assert.Empty(stack.Of("Microsoft.Cdn/profiles"));
    }
}
