using System.Text.Json;
using System.Text.RegularExpressions;
using ImageResize.Core.Storage;

namespace ImageResize.Tests.Deployment;

/// <summary>The resources that the template deploys for one combination of parameters.</summary>
internal sealed partial class Stack(IReadOnlyList<JsonElement> resources)
{
    public static readonly string[] WorkQueues = [new StorageOptions().WorkQueue, new StorageOptions().BulkQueue];

    public static readonly string[] Queues = [.. WorkQueues, .. WorkQueues.Select(queue => queue + "-poison")];

    public IReadOnlyList<JsonElement> Resources => resources;

    public IEnumerable<JsonElement> Apps => Of("Microsoft.Web/sites").Concat(Of("Microsoft.App/containerApps"));

    /// <summary>The storage accounts without that of the file share, which is mounted with a key.</summary>
    public IEnumerable<JsonElement> Accounts =>
        Of("Microsoft.Storage/storageAccounts").Where(account => Name(account).StartsWith("st", StringComparison.Ordinal));

    /// <summary>The id of the only storage account.</summary>
    public string Account => "Microsoft.Storage/storageAccounts/" + Name(Assert.Single(Accounts));

    /// <summary>The id of the only Application Insights.</summary>
    public string Insights => "Microsoft.Insights/components/" + Name(Assert.Single(Of("Microsoft.Insights/components")));

    /// <summary>The id of the only key vault.</summary>
    public string Vault => "Microsoft.KeyVault/vaults/" + Name(Assert.Single(Of("Microsoft.KeyVault/vaults")));

    public string Queue(string name) => $"{Account}/queueServices/default/queues/{name}";

    public IEnumerable<JsonElement> Of(string type) => Resources.Where(resource => resource.GetProperty("type").GetString() == type);

    public static string Name(JsonElement resource) => resource.GetProperty("name").GetString()!;

    /// <summary>The ids of an app's roles, each with the id of the resource that it applies to.</summary>
    /// <param name="principal">The app's name, which is part of its principal's expression.</param>
    public IEnumerable<(string Role, string Scope)> RolesOf(string principal) =>
        from assignment in Of("Microsoft.Authorization/roleAssignments")
        let properties = assignment.GetProperty("properties")
        where properties.GetProperty("principalId").GetString()!.Contains($"/{principal}'", StringComparison.Ordinal)
        select (properties.GetProperty("roleDefinitionId").GetString()!.Split('/')[^1], Scope(assignment.GetProperty("id").GetString()!));

    /// <summary>
    /// The names of an app's settings. Values that are known only at deployment are expressions, so names are found in the text.
    /// </summary>
    public static IReadOnlyList<string> SettingsOf(JsonElement app) =>
        [.. SettingName().Matches(app.GetRawText()).Select(match => match.Value).Distinct()];

    /// <summary>Names of assignments contain the principal, so their ids are expressions, in which the scope is the first text.</summary>
    private static string Scope(string id) => id.Split('\'')[1].Split("/providers/")[^1];

    [GeneratedRegex("(ImageResize|AzureWebJobsStorage|AzureFunctionsJobHost)__[A-Za-z0-9_]+")]
    private static partial Regex SettingName();
}
