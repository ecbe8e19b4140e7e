using System.Text.Json;
using ImageResize.Functions;

namespace ImageResize.Tests.Deployment;

/// <summary>Settings have the same names in a deployment as everywhere: each is the deployment's own affair or may be given to it, and no other is.</summary>
[Collection(BicepTests.Name)]
public sealed class DeployedSettingsTests(Bicep bicep)
{
    /// <summary>What a deployment leaves at its default: function.json names the queue, and the share is mounted at the usual place.</summary>
    private static readonly string[] LeftAlone = ["ImageResize__Sources__ImagesRoot", "ImageResize__Storage__WorkQueue"];

    private static readonly string Repository = RepositoryRoot.Find()!;

    [Fact]
    public async Task Every_setting_of_the_sample_is_set_or_can_be()
    {
        Bicep.SkipWhereItIsNot();

        var known = (await SetByDeploymentAsync()).Concat(await CanBeGivenAsync()).Concat(LeftAlone).Distinct();

        Assert.Equal(InSample().Order(), known.Order());
    }

    [Theory]
    [InlineData("functions", "Microsoft.Web/sites")]
    [InlineData("containerapps", "Microsoft.App/containerApps")]
    public async Task Presets_are_settings_of_every_app(string shape, string type)
    {
        Bicep.SkipWhereItIsNot();

        var stack = await bicep.EvaluateAsync(
            $"param shape = '{shape}'", "param presets = { card: { width: 300, fit: 'inside', metadata: ['copyright', 'colourProfile'] } }");

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
        Bicep.SkipWhereItIsNot();
        var template = await Bicep.BuildAsync();
        var file = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(Repository, "infra", "main.parameters.json"), TestContext.Current.CancellationToken)).RootElement;

        Assert.Subset(Names(template.GetProperty("parameters")), Names(file.GetProperty("parameters")));
    }

    /// <summary>Those with names of the operator's own have no line in the sample.</summary>
    private async Task<IEnumerable<string>> SetByDeploymentAsync()
    {
        var functions = await bicep.EvaluateAsync(DeploymentTests.Combinations[1]);
        var containers = await bicep.EvaluateAsync(DeploymentTests.Combinations[3]);

        return functions.Of("Microsoft.Web/sites").Concat(containers.Of("Microsoft.App/containerApps"))
            .SelectMany(Stack.SettingsOf)
            .Where(name => name.StartsWith("ImageResize__", StringComparison.Ordinal)
                && !name.StartsWith("ImageResize__Keys__", StringComparison.Ordinal)
                && !name.StartsWith("ImageResize__Regions__Addresses__", StringComparison.Ordinal));
    }

    private static async Task<IEnumerable<string>> CanBeGivenAsync()
    {
        var type = (await Bicep.BuildAsync()).GetProperty("definitions").EnumerateObject().Single(definition => definition.Name.EndsWith("Settings", StringComparison.Ordinal)).Value;

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
