using System.Text.Json;
using System.Text.RegularExpressions;
using ImageResize.Core.Jobs;
using ImageResize.Core.Storage;
using ImageResize.Functions;
using static ImageResize.Tests.Deployment.Stack;

namespace ImageResize.Tests.Deployment;

/// <summary>infra/main.bicep deploys what the documentation says, and nothing that has a key where an identity will do.</summary>
[Collection(BicepTests.Name)]
public sealed class DeploymentTests(Bicep bicep)
{
    private const string BlobOwner = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
    private const string BlobContributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
    private const string BlobReader = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
    private const string BlobDelegator = "db58b8e5-c6ad-4a2a-8342-4190687cbf4a";
    private const string QueueContributor = "974c5e8b-45b9-4653-ba55-5f855dd0fb88";
    private const string QueueSender = "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a";
    private const string QueueReader = "19e7f393-937e-4f77-808e-94535e297925";
    private const string TableContributor = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3";
    private const string MetricsPublisher = "3913510d-42f4-4e42-8a64-420c390055eb";
    private const string ImagePuller = "7f951dda-4ed3-4680-a7ca-43fe172d538d";

    private static readonly string[] Queues = [new StorageOptions().WorkQueue, new StorageOptions().BulkQueue];

    private static readonly string[] ThumbnailPlaces = ["images", "thumbnails"];
    private static readonly string[] SharingApps = ["api-0", "worker-2"];

    /// <summary>Every shape, in one region and in three, with all that can be asked for.</summary>
    internal static readonly string[][] Combinations =
    [
        [],
        ["param otherLocations = 'westus3, japaneast'", "param callbackSecrets = 'whsec_secret'", "param adminKey = 'no-key-but-long-enough'"],
        ["param shape = 'containerapps'"],
        ["param shape = 'containerapps'", "param otherLocations = 'westus3, japaneast'", "param imagesShare = true", "param callbackSecrets = 'whsec_secret'", "param adminKey = 'no-key-but-long-enough'", "param apiImage = 'a/b:1'", "param workerImage = 'a/b:1'"],
    ];

    public static TheoryData<string[]> All => [.. Combinations];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Storage_has_no_shared_key_no_public_blobs_and_no_old_encryption(string[] parameters)
    {
        var stack = await EvaluateAsync(parameters);

        Assert.NotEmpty(stack.Accounts);
        Assert.All(stack.Accounts, account => Assert.False(account.GetProperty("properties").GetProperty("allowSharedKeyAccess").GetBoolean()));
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
        var stack = await EvaluateAsync(parameters);

        var made = stack.Of("Microsoft.Storage/storageAccounts/queueServices/queues").Select(queue => Name(queue).Replace("/default", "", StringComparison.Ordinal));

        Assert.Equal(
            stack.Accounts.SelectMany(account => Queues.SelectMany(queue => new[] { $"{Name(account)}/{queue}", $"{Name(account)}/{queue}-poison" })).Order(),
            made.Order());
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Keys_are_read_for_the_share_and_for_nothing_else(string[] parameters)
    {
        var stack = await EvaluateAsync(parameters);

        var readers = stack.Resources.Where(resource => resource.GetRawText().Contains("listKeys", StringComparison.Ordinal));

        Assert.All(readers, reader => Assert.Equal("Microsoft.App/managedEnvironments/storages", reader.GetProperty("type").GetString()));
        Assert.Equal(parameters.Any(parameter => parameter.Contains("imagesShare", StringComparison.Ordinal)), readers.Any());
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Apps_know_their_account_by_name_and_themselves_by_identity(string[] parameters)
    {
        var stack = await EvaluateAsync(parameters);
        var apps = stack.Of("Microsoft.Web/sites").Concat(stack.Of("Microsoft.App/containerApps")).ToList();

        Assert.NotEmpty(apps);
        Assert.All(apps, app => Assert.Contains("Assigned", app.GetProperty("identity").GetProperty("type").GetString(), StringComparison.Ordinal));
        Assert.All(apps, app => Assert.Contains("AzureWebJobsStorage__accountName", SettingsOf(app)));
        Assert.All(apps, app => Assert.DoesNotContain("AccountKey", app.GetRawText(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_function_app_may_do_what_it_needs()
    {
        var stack = await EvaluateAsync(Combinations[0]);
        var app = Name(Assert.Single(stack.Of("Microsoft.Web/sites")));
        var account = "Microsoft.Storage/storageAccounts/" + Name(Assert.Single(stack.Accounts));

        var expected = new[] { (BlobOwner, account), (BlobDelegator, account), (TableContributor, account), (MetricsPublisher, "Microsoft.Insights/components/" + Name(Assert.Single(stack.Of("Microsoft.Insights/components")))) }
            .Concat(Queues.SelectMany(queue => new[] { queue, queue + "-poison" }).Select(queue => (QueueContributor, OfQueue(account, queue))));

        Assert.Equal(expected.Order(), stack.RolesOf(app).Order());
    }

    [Fact]
    public async Task The_api_puts_messages_and_takes_none_and_signs_links()
    {
        var stack = await EvaluateAsync(Combinations[2]);
        var account = "Microsoft.Storage/storageAccounts/" + Name(Assert.Single(stack.Accounts));

        var expected = new[] { (BlobContributor, account), (BlobDelegator, account), (TableContributor, account), (ImagePuller, Registry(stack)) }
            .Concat(Queues.SelectMany(queue => new[] { (QueueSender, OfQueue(account, queue)), (QueueReader, OfQueue(account, queue)) }));

        Assert.Equal(expected.Order(), stack.RolesOf("api-0").Order());
    }

    [Fact]
    public async Task The_worker_writes_where_thumbnails_go_and_nowhere_else()
    {
        var stack = await EvaluateAsync(Combinations[2]);
        var account = "Microsoft.Storage/storageAccounts/" + Name(Assert.Single(stack.Accounts));

        var expected = new[] { (BlobReader, account), (TableContributor, account), (ImagePuller, Registry(stack)) }
            .Concat(Queues.SelectMany(queue => new[] { queue, queue + "-poison" }).Select(queue => (QueueContributor, OfQueue(account, queue))))
            .Concat(ThumbnailPlaces.Select(container => (BlobContributor, $"{account}/blobServices/default/containers/{container}")));

        Assert.Equal(expected.Order(), stack.RolesOf("worker-0").Order());
    }

    [Fact]
    public async Task The_function_app_is_our_executable_on_Flex_Consumption()
    {
        var stack = await EvaluateAsync(Combinations[0]);
        var app = Assert.Single(stack.Of("Microsoft.Web/sites"));

        Assert.Equal("FC1", Assert.Single(stack.Of("Microsoft.Web/serverfarms")).GetProperty("sku").GetProperty("name").GetString());
        Assert.Equal("custom", app.GetProperty("properties").GetProperty("functionAppConfig").GetProperty("runtime").GetProperty("name").GetString());
        Assert.Contains("AzureFunctionsJobHost__customHandler__description__defaultExecutablePath", SettingsOf(app));
        Assert.Contains("ImageResize.Functions", app.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("https://a.example, http://b.example", "https://a.example", "http://b.example")]
    public async Task The_platform_answers_browsers_by_the_programs_own_setting(string setting, params string[] origins)
    {
        Bicep.SkipWhereItIsNot();

        var stack = await bicep.EvaluateAsync("param shape = 'functions'", $"param settings = {{ ImageResize__AllowedOrigins: '{setting}' }}");

        Assert.All(stack.Of("Microsoft.Web/sites"), app => Assert.Equal(
            origins,
            app.GetProperty("properties").GetProperty("siteConfig").GetProperty("cors").GetProperty("allowedOrigins").EnumerateArray().Select(origin => origin.GetString())));
    }

    [Fact]
    public async Task Workers_are_scaled_from_zero_by_both_queues()
    {
        var stack = await EvaluateAsync(Combinations[2]);
        var scale = Template(stack, "worker-0").GetProperty("scale");
        var rules = scale.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("azureQueue")).ToList();

        Assert.Equal(0, scale.GetProperty("minReplicas").GetInt32());
        Assert.Equal(Queues.Order(), rules.Select(rule => rule.GetProperty("queueName").GetString()!).Order());
        Assert.All(rules, rule => Assert.EndsWith("/worker-0", rule.GetProperty("identity").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_worker_is_given_what_it_works_off_between_two_looks()
    {
        var stack = await EvaluateAsync(Combinations[2]);
        var scale = Template(stack, "worker-0").GetProperty("scale");
        var lengths = scale.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("azureQueue"))
            .ToDictionary(rule => rule.GetProperty("queueName").GetString()!, rule => rule.GetProperty("queueLength").GetInt32());
        var seconds = scale.GetProperty("pollingInterval").GetInt32();
        var host = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RepositoryRoot.Find()!, "host.json"))).RootElement.GetProperty("extensions").GetProperty("queues");

        // docs/performance.md: 10 ms of a core for an image from blobs; a small message waits for storage rather than for a core.
        const int ImagesPerSecond = 100;
        const double SecondsPerSmallMessage = 0.15;
        var atOnce = host.GetProperty("batchSize").GetInt32() + host.GetProperty("newBatchThreshold").GetInt32();

        Assert.Equal(ImagesPerSecond * seconds / SliceSizes.Block, lengths[new StorageOptions().BulkQueue]);
        Assert.Equal((int)(atOnce / SecondsPerSmallMessage * seconds), lengths[new StorageOptions().WorkQueue]);
    }

    [Fact]
    public async Task The_api_and_the_worker_have_their_roles_and_only_the_api_the_key()
    {
        var stack = await EvaluateAsync(Combinations[3]);
        var (api, worker) = (App(stack, "api-1").GetRawText(), App(stack, "worker-1").GetRawText());

        Assert.Contains(nameof(Role.Api), Regex.Match(api, "ImageResize__Role', 'value', '(\\w+)'").Groups[1].Value, StringComparison.Ordinal);
        Assert.Contains(nameof(Role.Worker), Regex.Match(worker, "ImageResize__Role', 'value', '(\\w+)'").Groups[1].Value, StringComparison.Ordinal);
        Assert.Contains("ImageResize__Keys__default', 'secretRef', 'api-key'", api, StringComparison.Ordinal);
        Assert.DoesNotContain("api-key", worker, StringComparison.Ordinal);
        Assert.DoesNotContain("no-key-but-long-enough-for-one", api + worker, StringComparison.Ordinal);
        Assert.DoesNotContain("ingress", worker, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_share_is_mounted_where_callers_name_it()
    {
        var stack = await EvaluateAsync(Combinations[3]);

        Assert.All(SharingApps, app => Assert.Equal(
            "/ImageResize/images",
            Template(stack, app).GetProperty("containers")[0].GetProperty("volumeMounts")[0].GetProperty("mountPath").GetString()));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    [InlineData(3, 3)]
    public async Task Every_region_knows_its_number_and_several_know_each_other(int combination, int regions)
    {
        var stack = await EvaluateAsync(Combinations[combination]);
        var apps = stack.Of("Microsoft.Web/sites").Concat(stack.Of("Microsoft.App/containerApps")).ToList();

        Assert.Equal(regions, stack.Accounts.Count());
        Assert.All(apps, app => Assert.Matches($"ImageResize__Regions__Number\\W+value\\W+{Name(app)[^1]}\\b", app.GetRawText()));
        Assert.All(apps, app => Assert.Equal(regions > 1 ? regions : 0, SettingsOf(app).Count(name => name.Contains("Regions__Addresses__", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Front_Door_asks_regions_whether_they_are_ready(int combination)
    {
        var stack = await EvaluateAsync(Combinations[combination]);
        var group = Assert.Single(stack.Of("Microsoft.Cdn/profiles/originGroups")).GetProperty("properties");

        Assert.Equal("/health/ready", group.GetProperty("healthProbeSettings").GetProperty("probePath").GetString());
        Assert.Equal(0, group.GetProperty("loadBalancingSettings").GetProperty("additionalLatencyInMilliseconds").GetInt32());
        Assert.Equal(3, stack.Of("Microsoft.Cdn/profiles/originGroups/origins").Count());
    }

    [Fact]
    public async Task A_single_region_has_no_Front_Door() =>
        Assert.Empty((await EvaluateAsync(Combinations[0])).Of("Microsoft.Cdn/profiles"));

    private Task<Stack> EvaluateAsync(string[] parameters)
    {
        Bicep.SkipWhereItIsNot();

        return bicep.EvaluateAsync(parameters);
    }

    private static JsonElement App(Stack stack, string name) => stack.Of("Microsoft.App/containerApps").Single(app => Name(app) == name);

    private static JsonElement Template(Stack stack, string name) => App(stack, name).GetProperty("properties").GetProperty("template");

    private static string OfQueue(string account, string queue) => $"{account}/queueServices/default/queues/{queue}";

    private static string Registry(Stack stack) => "Microsoft.ContainerRegistry/registries/" + Name(Assert.Single(stack.Of("Microsoft.ContainerRegistry/registries")));
}
