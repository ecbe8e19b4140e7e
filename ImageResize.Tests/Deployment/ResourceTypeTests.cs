using System.Text.Json;
using System.Text.Json.Nodes;

namespace ImageResize.Tests.Deployment;

/// <summary>The values that the templates deploy are those that Azure's resources allow, as far as the compiler knows them.</summary>
[Collection(BicepTests.Name)]
public sealed class ResourceTypeTests(Bicep bicep)
{
    [Fact]
    public async Task Evaluated_values_are_allowed_by_the_types_of_the_resources()
    {
        var resources = new List<JsonElement>();
        foreach (var parameters in TemplateParameters.All)
        {
            resources.AddRange((await bicep.EvaluateAsync(parameters.Data)).Resources);
        }

        Assert.Empty(await bicep.CheckTypesAsync(resources.Where(IsInGroup).DistinctBy(resource => resource.GetRawText())));
    }

    [Fact]
    public async Task Values_that_are_not_allowed_are_found()
    {
        var stack = await bicep.EvaluateAsync(TemplateParameters.OneFunctionApp);
        JsonElement[] wrong =
        [
            Change(stack, "Microsoft.Storage/storageAccounts", "name", "\"this-is-no-name-of-an-account\""),
            Change(stack, "Microsoft.Web/sites", "identity", "{ \"type\": \"User\" }"),
            Change(stack, "Microsoft.KeyVault/vaults", "properties", "{ \"sku\": { \"family\": \"A\", \"name\": \"standard\" } }"),
        ];

        var reports = string.Join('\n', await bicep.CheckTypesAsync(wrong));

        string[] parts = ["maximum allowable length is 24", "'User'", "tenantId"];
        Assert.All(parts, part => Assert.Contains(part, reports, StringComparison.Ordinal));
    }

    private static JsonElement Change(Stack stack, string type, string property, string value)
    {
        var resource = JsonNode.Parse(stack.Of(type).First().GetRawText())!;
        resource[property] = JsonNode.Parse(value);

        return JsonSerializer.SerializeToElement(resource);
    }

    private static bool IsInGroup(JsonElement resource) => resource.GetProperty("type").GetString() != "Microsoft.Resources/resourceGroups";
}
