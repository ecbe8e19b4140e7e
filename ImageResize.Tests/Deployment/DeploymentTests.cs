using System.Text.Json;
using static ImageResize.Tests.Deployment.Stack;

namespace ImageResize.Tests.Deployment;

/// <summary>Tests of infra/main.bicep that apply to all combinations of parameters.</summary>
[Collection(BicepTests.Name)]
public sealed class DeploymentTests(Bicep bicep)
{
    public static TheoryData<string[]> All => TemplateParameters.All;

    [Theory]
    [MemberData(nameof(All))]
    public async Task Storage_has_no_shared_key_no_public_blobs_and_no_old_encryption(string[] parameters)
    {
        var stack = await bicep.EvaluateAsync(parameters);

        Assert.NotEmpty(stack.Accounts);
        Assert.All(
            stack.Accounts, account => Assert.False(account.GetProperty("properties").GetProperty("allowSharedKeyAccess").GetBoolean()));
        Assert.All(stack.Of("Microsoft.Storage/storageAccounts"), account =>
        {
            var properties = account.GetProperty("properties");
            Assert.False(properties.GetProperty("allowBlobPublicAccess").GetBoolean());
            Assert.True(properties.GetProperty("supportsHttpsTrafficOnly").GetBoolean());
            Assert.Equal("TLS1_2", properties.GetProperty("minimumTlsVersion").GetString());
        });
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_region_has_the_queues_and_their_poison_queues(string[] parameters)
    {
        var stack = await bicep.EvaluateAsync(parameters);

        var created = stack.Of("Microsoft.Storage/storageAccounts/queueServices/queues")
            .Select(queue => Name(queue).Replace("/default", "", StringComparison.Ordinal));

        Assert.Equal(stack.Accounts.SelectMany(account => Queues.Select(queue => $"{Name(account)}/{queue}")).Order(), created.Order());
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Only_the_file_share_uses_an_account_key(string[] parameters)
    {
        var stack = await bicep.EvaluateAsync(parameters);

        var readers = stack.Resources.Where(resource => resource.GetRawText().Contains("listKeys", StringComparison.Ordinal));

        Assert.All(readers, reader => Assert.Equal("Microsoft.App/managedEnvironments/storages", reader.GetProperty("type").GetString()));
        Assert.Equal(parameters.Any(parameter => parameter.Contains("imagesShare", StringComparison.Ordinal)), readers.Any());
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Apps_access_storage_with_an_identity(string[] parameters)
    {
        var stack = await bicep.EvaluateAsync(parameters);

        Assert.NotEmpty(stack.Apps);
        Assert.All(stack.Apps, app =>
            Assert.Contains("Assigned", app.GetProperty("identity").GetProperty("type").GetString(), StringComparison.Ordinal));
        Assert.All(stack.Apps, app => Assert.Contains("AzureWebJobsStorage__accountName", SettingsOf(app)));
        Assert.All(stack.Apps, app => Assert.DoesNotContain("AccountKey", app.GetRawText(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Roles_are_assigned_before_the_app_is_created()
    {
        var resources = (await Bicep.BuildAsync()).GetProperty("resources");

        Assert.Superset(
            new HashSet<string>(["functionIdentities", "functionRoles", "vaults", "storage"]),
            DependenciesOf(resources.GetProperty("functions")));
        Assert.Superset(
            new HashSet<string>(["functionIdentities", "storage", "logs"]), DependenciesOf(resources.GetProperty("functionRoles")));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_names_of_assignments_contain_the_principal(string[] parameters)
    {
        var stack = await bicep.EvaluateAsync(parameters);

        Assert.All(stack.Of("Microsoft.Authorization/roleAssignments"), assignment => Assert.Contains(
            assignment.GetProperty("properties").GetProperty("principalId").GetString()!.Trim('[', ']'),
            Name(assignment),
            StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Whoever_deploys_may_upload_images_to_each_region(string[] parameters)
    {
        var stack = await bicep.EvaluateAsync(parameters);

        var assignments = stack.Of("Microsoft.Authorization/roleAssignments").Select(assignment => assignment.GetProperty("properties"))
            .Where(assignment => assignment.GetProperty("principalId").GetString() == "[deployer().objectId]").ToList();

        Assert.Equal(stack.Accounts.Count(), assignments.Count);
        Assert.All(assignments, assignment => Assert.EndsWith(
            Roles.BlobContributor, assignment.GetProperty("roleDefinitionId").GetString(), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task With_a_private_network_no_storage_account_has_a_public_address(string[] parameters)
    {
        var stack = await bicep.EvaluateAsync(parameters);
        var isPrivate = parameters.Contains("param privateNetwork = true");
        var accounts = stack.Of("Microsoft.Storage/storageAccounts").ToList();

        Assert.All(accounts, account => Assert.Equal(
            isPrivate ? ("Disabled", "Deny") : ("Enabled", "Allow"),
            (account.GetProperty("properties").GetProperty("publicNetworkAccess").GetString(),
                account.GetProperty("properties").GetProperty("networkAcls").GetProperty("defaultAction").GetString())));
        var expected = accounts.SelectMany(account => Name(account).StartsWith("fs", StringComparison.Ordinal)
            ? (string[])[$"{Name(account)}-file"]
            : [$"{Name(account)}-blob", $"{Name(account)}-queue", $"{Name(account)}-table"]);
        Assert.Equal(
            isPrivate ? expected.Order() : Enumerable.Empty<string>(), stack.Of("Microsoft.Network/privateEndpoints").Select(Name).Order());
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_region_has_capped_logs_alerts_and_a_workbook(string[] parameters)
    {
        var stack = await bicep.EvaluateAsync(parameters);
        var workspaces = stack.Of("Microsoft.OperationalInsights/workspaces").ToList();

        Assert.Equal(stack.Accounts.Count(), workspaces.Count);
        Assert.All(workspaces, workspace => Assert.Equal(
            5, workspace.GetProperty("properties").GetProperty("workspaceCapping").GetProperty("dailyQuotaGb").GetInt32()));
        Assert.Equal(7 * workspaces.Count, stack.Of("Microsoft.Insights/scheduledQueryRules").Count());
        Assert.Equal(workspaces.Count, stack.Of("Microsoft.Insights/workbooks").Count());
        Assert.All(stack.Of("Microsoft.Insights/workbooks"), workbook =>
            JsonDocument.Parse(workbook.GetProperty("properties").GetProperty("serializedData").GetString()!).Dispose());
        Assert.All(stack.Apps, app => Assert.Contains("APPLICATIONINSIGHTS_CONNECTION_STRING", app.GetRawText(), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Alerts_and_the_budget_notify_the_given_people(string[] parameters)
    {
        var stack = await bicep.EvaluateAsync(parameters);
        var hasPeople = parameters.Any(parameter => parameter.Contains("alertEmails", StringComparison.Ordinal));

        Assert.Equal(hasPeople ? 1 : 0, stack.Of("Microsoft.Consumption/budgets").Count());
        Assert.Equal(hasPeople ? 1 : 0, stack.Of("Microsoft.Insights/actionGroups").Count());
        Assert.All(stack.Of("Microsoft.Insights/scheduledQueryRules"), rule => Assert.Equal(
            hasPeople ? 1 : 0, rule.GetProperty("properties").GetProperty("actions").GetProperty("actionGroups").GetArrayLength()));
    }

    /// <summary>What is created before a resource. Names in loops are expressions: <c>[format('storage[{0}]', …)]</c>.</summary>
    private static HashSet<string> DependenciesOf(JsonElement resource) =>
        [.. resource.GetProperty("dependsOn").EnumerateArray().Select(name => Array.Find(
            name.GetString()!.Split('[', '\'', '('), part => part.Length > 0 && part != "format")!)];
}
