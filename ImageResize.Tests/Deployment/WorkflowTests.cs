using System.Text.Json;
using System.Text.RegularExpressions;
using ImageResize.Functions.Hosting;

namespace ImageResize.Tests.Deployment;

/// <summary>The workflow deploys what a developer's <c>azd up</c> deploys, or production would be reset.</summary>
[Collection(BicepTests.Name)]
public sealed partial class WorkflowTests(Bicep bicep)
{
    private static readonly string Repository = RepositoryRoot.Find()!;

    /// <summary>Variables that azd or the first template sets.</summary>
    private static readonly string[] OfAzd =
        ["AZURE_ENV_NAME", "AZURE_LOCATION", "SERVICE_CONTAINERS_IMAGE_NAME", "IMAGERESIZE_SECRET_NAMES", "IMAGERESIZE_API_ADDRESSES"];

    /// <summary>A developer's environment with a value for each variable.</summary>
    private static readonly Dictionary<string, string> Environment = new()
    {
        ["AZURE_ENV_NAME"] = "prod",
        ["AZURE_LOCATION"] = "westeurope",
        ["IMAGERESIZE_OTHER_LOCATIONS"] = "westus3",
        ["IMAGERESIZE_IMAGES_SHARE"] = "true",
        ["IMAGERESIZE_IMAGE_CONTAINERS"] = "photos,scans",
        ["IMAGERESIZE_WATCHED_CONTAINERS"] = "photos/in/",
        ["IMAGERESIZE_ALWAYS_READY"] = "http=1",
        ["IMAGERESIZE_UPDATES"] = "RollingUpdate",
        ["IMAGERESIZE_ZONE_REDUNDANT"] = "true",
        ["IMAGERESIZE_PRIVATE_NETWORK"] = "true",
        ["IMAGERESIZE_ALERT_EMAILS"] = "one@example.com",
        ["IMAGERESIZE_MONTHLY_BUDGET"] = "100",
        ["IMAGERESIZE_MIN_APIS"] = "2",
        ["IMAGERESIZE_STABLE_REVISIONS"] = "api-0--a,api-1--a",
        ["IMAGERESIZE_NEW_PERCENT"] = "20",
        ["IMAGERESIZE_API_KEY"] = "no-key-but-long-enough-for-one",
        ["IMAGERESIZE_CALLBACK_SECRETS"] = "whsec_secret",
        ["IMAGERESIZE_ADDRESS_KEY"] = "no-key-but-long-enough-to-sign-addresses",
        ["IMAGERESIZE_ADMIN_KEY"] = "no-key-but-long-enough",
    };

    [Fact]
    public void The_workflow_and_azd_pass_every_variable_that_the_templates_read()
    {
        var read = ReadByTemplates().Except(OfAzd).Order().ToList();
        var project = File.ReadAllText(Path.Combine(Repository, "azure.yaml"));
        var copied = Listed().Matches(project[project.IndexOf("pipeline:", StringComparison.Ordinal)..])
            .Select(line => line.Groups[1].Value);

        Assert.Equal(read, Workflow().Keys.Where(name => name.StartsWith("IMAGERESIZE_", StringComparison.Ordinal)).Order());
        Assert.Equal(read, copied.Order());
        Assert.Equal(read, Environment.Keys.Append("IMAGERESIZE_SHAPE").Except(OfAzd).Order());
    }

    [Theory]
    [InlineData("functions")]
    [InlineData("containerapps")]
    public async Task The_workflow_deploys_what_a_developer_deploys(string shape)
    {
        var environment = new Dictionary<string, string>(Environment) { ["IMAGERESIZE_SHAPE"] = shape };
        var workflow = Workflow().ToDictionary(
            variable => variable.Key, variable => environment.GetValueOrDefault(Stored().Match(variable.Value).Groups[1].Value, ""));

        var byDeveloper = await DeployAsync(environment);
        var byWorkflow = await DeployAsync(workflow);

        Assert.Equal(byDeveloper, byWorkflow);
        Assert.DoesNotContain(byWorkflow, resource => resource.Contains("quickstart", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_variable_without_a_value_means_the_default()
    {
        var required = new Dictionary<string, string>
        {
            ["AZURE_ENV_NAME"] = "prod",
            ["AZURE_LOCATION"] = "westeurope",
            ["IMAGERESIZE_SHAPE"] = "containerapps",
            ["IMAGERESIZE_API_KEY"] = Environment["IMAGERESIZE_API_KEY"],
        };
        var empty = Workflow().Keys.ToDictionary(name => name, name => required.GetValueOrDefault(name, ""));

        Assert.Equal(await DeployAsync(required), await DeployAsync(empty));
    }

    private async Task<IReadOnlyList<string>> DeployAsync(Dictionary<string, string> environment)
    {
        var lines = ParametersOfAzd().EnumerateObject().Select(parameter => (parameter.Name, Value: Expand(
            parameter.Value.GetProperty("value").GetString()!, environment))).Where(parameter => parameter.Value.Length > 0);
        var resources = await bicep.EvaluateTemplateAsync("main.bicep", lines.Select(line => $"param {line.Name} = {Literal(line.Value)}"));
        if (environment["IMAGERESIZE_SHAPE"] == "containerapps")
        {
            resources =
            [
                .. resources,
                .. await bicep.EvaluateFileAsync("containers.bicepparam", new Dictionary<string, string>(environment)
                {
                    ["SERVICE_CONTAINERS_IMAGE_NAME"] = "registry/image:1",
                    ["IMAGERESIZE_SECRET_NAMES"] = "api-key",
                    ["IMAGERESIZE_API_ADDRESSES"] = "[]",
                }),
            ];
        }

        return [.. resources.Select(resource => resource.GetRawText())];
    }

    private static JsonElement ParametersOfAzd() => JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(Repository, "infra", "main.parameters.json"))).RootElement.GetProperty("parameters");

    /// <summary>As azd does: a default applies to variables without a value, too.</summary>
    private static string Expand(string text, Dictionary<string, string> environment) => Variable().Replace(text, match =>
        environment.GetValueOrDefault(match.Groups[1].Value, "") is { Length: > 0 } value ? value : match.Groups[2].Value);

    private static string Literal(string value) => NotText().IsMatch(value) ? value : $"'{value}'";

    private static IEnumerable<string> ReadByTemplates() =>
        Variable().Matches(ParametersOfAzd().GetRawText())
            .Concat(ReadVariable().Matches(File.ReadAllText(Path.Combine(Repository, "infra", "containers.bicepparam"))))
            .Select(match => match.Groups[1].Value)
            .Distinct();

    /// <summary>The variables of the workflow with the expressions of their values.</summary>
    private static Dictionary<string, string> Workflow() =>
        Assignment().Matches(File.ReadAllText(Path.Combine(Repository, ".github", "workflows", "deploy.yml")))
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    [GeneratedRegex(@"\$\{(\w+)=?([^}]*)\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"readEnvironmentVariable\('(\w+)'")]
    private static partial Regex ReadVariable();

    [GeneratedRegex(@"^      ([A-Z_]+): (\$\{\{.*\}\})$", RegexOptions.Multiline)]
    private static partial Regex Assignment();

    [GeneratedRegex(@"(?:vars|secrets)\.(\w+)")]
    private static partial Regex Stored();

    [GeneratedRegex(@"^    - (IMAGERESIZE_\w+)$", RegexOptions.Multiline)]
    private static partial Regex Listed();

    [GeneratedRegex(@"^(true|false|\d+)$")]
    private static partial Regex NotText();
}
