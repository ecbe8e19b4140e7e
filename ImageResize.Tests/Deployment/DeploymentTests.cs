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
}
