using System.Text.Json;
using ImageResize.Functions.Hosting;

namespace ImageResize.Tests.Deployment;

/// <summary>A deployment sets each setting itself or accepts it as a parameter, under the same name, and accepts no others.</summary>
[Collection(BicepTests.Name)]
public sealed class DeployedSettingsTests(Bicep bicep)
{
    /// <summary>
    /// Settings that keep their default: triggers name the queue, the share is mounted at the default folder, and receivers on the machine
    /// are for developers.
    /// </summary>
    private static readonly string[] Unchanged =
        ["ImageResize__Callbacks__AllowLoopback", "ImageResize__Sources__ImagesRoot", "ImageResize__Storage__WorkQueue"];

    private static readonly string Repository = RepositoryRoot.Find()!;

    [Fact]
    public async Task Every_setting_of_the_sample_is_set_or_can_be_passed()
    {
        var known = (await SetByDeploymentAsync()).Concat(await ReadSettingsTypeAsync()).Concat(Unchanged).Distinct();

        Assert.Equal(InSample().Order(), known.Order());
    }

    [Theory]
    [InlineData("functions", "Microsoft.Web/sites")]
    [InlineData("containerapps", "Microsoft.App/containerApps")]
    public async Task Presets_are_settings_of_every_app(string shape, string type)
    {
        var stack = await bicep.EvaluateAsync(
            $"param shape = '{shape}'",
            "param presets = { card: { width: 300, fit: 'inside', metadata: ['copyright', 'colourProfile'] } }");

        var apps = stack.Of(type).ToList();
        Assert.NotEmpty(apps);
        Assert.All(apps, app => Assert.Superset(
            new HashSet<string>(["card__width", "card__fit", "card__metadata__0", "card__metadata__1"]),
            Stack.SettingsOf(app).Select(name => name.Replace("ImageResize__Presets__", "", StringComparison.Ordinal)).ToHashSet()));
        Assert.All(apps, app => Assert.Matches(@"card__width\W+value\W+300\W", app.GetRawText()));
    }

    [Fact]
    public async Task Parameters_of_azd_are_parameters_of_the_template()
    {
        var template = await Bicep.BuildAsync();
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository, "infra", "main.parameters.json")));

        Assert.Subset(Names(template.GetProperty("parameters")), Names(file.RootElement.GetProperty("parameters")));
    }

    /// <summary>Excludes settings whose names the operator chooses, which aren't in the sample.</summary>
    private async Task<IEnumerable<string>> SetByDeploymentAsync()
    {
        var functions = await bicep.EvaluateAsync(TemplateParameters.ThreeFunctionApps);
        var containers = await bicep.EvaluateAsync(TemplateParameters.ContainerAppsInThreeRegions);

        return functions.Apps.Concat(containers.Apps)
            .SelectMany(Stack.SettingsOf)
            .Where(name => name.StartsWith("ImageResize__", StringComparison.Ordinal)
                && !name.StartsWith("ImageResize__Keys__", StringComparison.Ordinal)
                && !name.StartsWith("ImageResize__Addresses__Keys__", StringComparison.Ordinal)
                && !name.StartsWith("ImageResize__Regions__Addresses__", StringComparison.Ordinal));
    }

    private static async Task<IEnumerable<string>> ReadSettingsTypeAsync()
    {
        var type = (await Bicep.BuildAsync()).GetProperty("definitions").EnumerateObject()
            .Single(definition => definition.Name.EndsWith("Settings", StringComparison.Ordinal)).Value;

        Assert.False(type.GetProperty("additionalProperties").GetBoolean());

        return Names(type.GetProperty("properties"));
    }

    private static IEnumerable<string> InSample() =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository, "local.settings.sample.json"))).RootElement
            .GetProperty("Values").EnumerateObject()
            .Select(value => value.Name)
            .Where(name => name.StartsWith("ImageResize__", StringComparison.Ordinal));

    private static HashSet<string> Names(JsonElement of) => [.. of.EnumerateObject().Select(property => property.Name)];
}
