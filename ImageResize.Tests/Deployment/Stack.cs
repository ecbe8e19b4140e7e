using System.Text.Json;
using System.Text.RegularExpressions;

namespace ImageResize.Tests.Deployment;

/// <summary>What one choice of parameters deploys.</summary>
internal sealed partial class Stack(JsonElement snapshot)
{
    public IReadOnlyList<JsonElement> Resources { get; } = [.. snapshot.GetProperty("predictedResources").EnumerateArray()];

    public IEnumerable<JsonElement> Of(string type) => Resources.Where(resource => resource.GetProperty("type").GetString() == type);

    public static string Name(JsonElement resource) => resource.GetProperty("name").GetString()!;

    /// <summary>The storage accounts, but for the share's, which is mounted by its key.</summary>
    public IEnumerable<JsonElement> Accounts => Of("Microsoft.Storage/storageAccounts").Where(account => Name(account).StartsWith("st", StringComparison.Ordinal));

    /// <summary>What an app may do: the role's id, and where below the resource group's providers.</summary>
    /// <param name="principal">A part of what tells its principal: the app's name.</param>
    public IEnumerable<(string Role, string Scope)> RolesOf(string principal) =>
        from assignment in Of("Microsoft.Authorization/roleAssignments")
        let properties = assignment.GetProperty("properties")
        where properties.GetProperty("principalId").GetString()!.Contains($"/{principal}'", StringComparison.Ordinal)
        select (properties.GetProperty("roleDefinitionId").GetString()!.Split('/')[^1], Scope(assignment.GetProperty("id").GetString()!));

    /// <summary>Names of settings that an app is given, whether evaluated or, where a value is known later, still an expression.</summary>
    public static IReadOnlyList<string> SettingsOf(JsonElement app) =>
        [.. SettingName().Matches(app.GetRawText()).Select(match => match.Value).Distinct()];

    private static string Scope(string id)
    {
        var parts = id.Split("/providers/");

        return parts[^2];
    }

    [GeneratedRegex("(ImageResize|AzureWebJobsStorage|AzureFunctionsJobHost)__[A-Za-z0-9_]+")]
    private static partial Regex SettingName();
}
