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
            regions > 1, SettingsOf(app).Any(name => name.StartsWith("ImageResize__Regions__Addresses__", StringComparison.Ordinal))));
        var addresses = stack.Of("Microsoft.Web/sites").Select(app => $"https://{Name(app)}.azurewebsites.net")
            .Concat(stack.Apps.Where(app => Name(app).StartsWith("api-", StringComparison.Ordinal))
                .Select(app => $"https://{Name(app)}.example.com"));
        Assert.All(stack.Apps, app => Assert.All(
            regions > 1 ? addresses : [], address => Assert.Contains(address, app.GetRawText(), StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(ThreeRegions))]
    public async Task Front_Door_probes_whether_regions_are_ready(string[] parameters)
    {
        var stack = await bicep.EvaluateAsync(parameters);
        var group = Assert.Single(stack.Of("Microsoft.Cdn/profiles/originGroups")).GetProperty("properties");

        var probe = group.GetProperty("healthProbeSettings");
        Assert.Equal(
            ("/health/ready", "HEAD"), (probe.GetProperty("probePath").GetString(), probe.GetProperty("probeRequestType").GetString()));
        Assert.InRange(probe.GetProperty("probeIntervalInSeconds").GetInt32(), 120, 255);
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
