using System.Text.Json;
using System.Text.RegularExpressions;
using ImageResize.Core.Batches;
using ImageResize.Core.Messages.Waiting;
using ImageResize.Core.Storage;
using ImageResize.Functions.Hosting;
using ImageResize.Functions.Standalone;
using static ImageResize.Tests.Deployment.Stack;

namespace ImageResize.Tests.Deployment;

[Collection(BicepTests.Name)]
public sealed class ContainerAppTests(Bicep bicep)
{
    private static readonly string[] AppsWithShare = ["api-0", "worker-2"];

    /// <summary>Not the callers' key.</summary>
    private static readonly string[] WorkerSecrets = ["address-key", "admin-key", "callback-secrets"];

    [Fact]
    public async Task The_api_can_send_messages_and_sign_links_but_not_receive_messages()
    {
        var stack = await bicep.EvaluateAsync(TemplateParameters.ContainerApps);
        (string, string)[] expected =
        [
            (Roles.BlobContributor, stack.Account), (Roles.TableContributor, stack.Account),
            (Roles.ImagePuller, Registry(stack)), (Roles.MetricsPublisher, stack.Insights), (Roles.SecretsUser, stack.Vault),
            .. WorkQueues.Select(queue => (Roles.QueueSender, stack.Queue(queue))),
            .. Queues.Select(queue => (Roles.QueueReader, stack.Queue(queue))),
        ];

        Assert.Equal(expected.Order(), stack.RolesOf("api-0").Order());
    }

    [Fact]
    public async Task The_worker_can_write_blobs_because_it_accepts_and_deletes_uploads()
    {
        var stack = await bicep.EvaluateAsync(TemplateParameters.ContainerApps);
        (string, string)[] expected =
        [
            (Roles.BlobContributor, stack.Account), (Roles.TableContributor, stack.Account),
            (Roles.ImagePuller, Registry(stack)), (Roles.MetricsPublisher, stack.Insights),
            .. WorkerSecrets.Select(secret => (Roles.SecretsUser, $"{stack.Vault}/secrets/{secret}")),
            .. Queues.Select(queue => (Roles.QueueContributor, stack.Queue(queue))),
        ];

        Assert.Equal(expected.Order(), stack.RolesOf("worker-0").Order());
    }

    [Fact]
    public async Task Workers_are_scaled_from_zero_by_both_queues()
    {
        var stack = await bicep.EvaluateAsync(TemplateParameters.ContainerApps);
        var scale = Template(stack, "worker-0").GetProperty("scale");
        var rules = scale.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("azureQueue")).ToList();

        Assert.Equal(0, scale.GetProperty("minReplicas").GetInt32());
        Assert.Equal(WorkQueues.Order(), rules.Select(rule => rule.GetProperty("queueName").GetString()!).Order());
        Assert.All(rules, rule => Assert.EndsWith("/worker-0", rule.GetProperty("identity").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_target_per_worker_is_what_it_processes_between_two_polls()
    {
        // docs/performance.md: 10 ms of a core for an image from blobs. A small message is limited by storage instead.
        const int ImagesPerSecond = 100;
        const double SecondsPerSmallMessage = 0.15;

        var stack = await bicep.EvaluateAsync(TemplateParameters.ContainerApps);
        var scale = Template(stack, "worker-0").GetProperty("scale");
        var seconds = scale.GetProperty("pollingInterval").GetInt32();
        var lengths = scale.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("azureQueue"))
            .ToDictionary(rule => rule.GetProperty("queueName").GetString()!, rule => rule.GetProperty("queueLength").GetInt32());

        Assert.Equal(ImagesPerSecond * seconds / SliceSizes.Block, lengths[new StorageOptions().BulkQueue]);
        Assert.Equal((int)(CallerSlots.Default / SecondsPerSmallMessage * seconds), lengths[new StorageOptions().WorkQueue]);
    }

    [Fact]
    public async Task The_api_and_the_worker_have_their_roles_and_only_the_api_the_key()
    {
        var stack = await bicep.EvaluateAsync(TemplateParameters.ContainerAppsInThreeRegions);
        var (api, worker) = (App(stack, "api-1").GetRawText(), App(stack, "worker-1").GetRawText());

        Assert.Equal(nameof(Role.Api), RoleOf(api));
        Assert.Equal(nameof(Role.Worker), RoleOf(worker));
        Assert.Matches(@"ImageResize__Keys__default\W+secretRef\W+api-key\W", api);
        Assert.All(["api-key", .. WorkerSecrets], secret => Assert.Contains($"'{secret}'", api, StringComparison.Ordinal));
        Assert.All(WorkerSecrets, secret => Assert.Contains($"'{secret}'", worker, StringComparison.Ordinal));
        Assert.DoesNotContain("api-key", worker, StringComparison.Ordinal);
        Assert.DoesNotContain("no-key-but-long-enough-for-one", api + worker, StringComparison.Ordinal);
        Assert.DoesNotContain("ingress", worker, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apps_start_with_their_image_and_health_probes()
    {
        var stack = await bicep.EvaluateAsync(TemplateParameters.ContainerApps);

        Assert.All(stack.Of("Microsoft.App/containerApps"), app =>
        {
            var container = app.GetProperty("properties").GetProperty("template").GetProperty("containers")[0];
            Assert.Equal("registry/image:1", container.GetProperty("image").GetString());
            Assert.Contains("/health/live", container.GetProperty("probes").GetRawText(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_new_revision_can_receive_a_part_of_the_requests()
    {
        string[] parameters =
        [
            .. TemplateParameters.OfContainers(["param otherLocations = 'westus3'"])
                .Where(line => !line.StartsWith("param stableRevisions", StringComparison.Ordinal)),
            "param stableRevisions = 'api-0--a, api-1--b'",
        ];

        var apps = (await bicep.EvaluateTemplateAsync("containers.bicep", parameters)).Where(app => Name(app) == "api-1");

        var configuration = Assert.Single(apps).GetProperty("properties").GetProperty("configuration");
        Assert.Equal("Multiple", configuration.GetProperty("activeRevisionsMode").GetString());
        Assert.Equal(
            """[{"revisionName":"api-1--b","weight":90},{"latestRevision":true,"weight":10}]""",
            JsonSerializer.Serialize(configuration.GetProperty("ingress").GetProperty("traffic")));
    }

    [Fact]
    public async Task The_share_is_mounted_as_the_images_folder()
    {
        var stack = await bicep.EvaluateAsync(TemplateParameters.ContainerAppsInThreeRegions);

        Assert.All(AppsWithShare, app => Assert.Equal(
            "/ImageResize/images",
            Template(stack, app).GetProperty("containers")[0].GetProperty("volumeMounts")[0].GetProperty("mountPath").GetString()));
    }

    private static string RoleOf(string app) => Regex.Match(app, @"ImageResize__Role\W+value\W+(\w+)").Groups[1].Value;

    private static JsonElement App(Stack stack, string name) => stack.Of("Microsoft.App/containerApps").Single(app => Name(app) == name);

    private static JsonElement Template(Stack stack, string name) => App(stack, name).GetProperty("properties").GetProperty("template");

    private static string Registry(Stack stack) =>
        "Microsoft.ContainerRegistry/registries/" + Name(Assert.Single(stack.Of("Microsoft.ContainerRegistry/registries")));
}
