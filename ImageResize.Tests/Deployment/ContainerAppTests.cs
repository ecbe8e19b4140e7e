using System.Text.Json;
using System.Text.RegularExpressions;
using ImageResize.Core.Batches;
using ImageResize.Core.Storage;
using ImageResize.Functions.Hosting;
using ImageResize.Functions.Standalone;
using static ImageResize.Tests.Deployment.Stack;

namespace ImageResize.Tests.Deployment;

[Collection(BicepTests.Name)]
public sealed class ContainerAppTests(Bicep bicep)
{
    private static readonly string[] AppsWithShare = ["api-0", "worker-2"];

    [Fact]
    public async Task The_api_can_send_messages_and_sign_links_but_not_receive_messages()
    {
        var stack = await bicep.EvaluateAsync(TemplateParameters.ContainerApps);
        (string, string)[] expected =
        [
            (Roles.BlobContributor, stack.Account), (Roles.BlobDelegator, stack.Account), (Roles.TableContributor, stack.Account),
            (Roles.ImagePuller, Registry(stack)),
            .. WorkQueues.Select(queue => (Roles.QueueSender, stack.Queue(queue))),
            .. WorkQueues.Select(queue => (Roles.QueueReader, stack.Queue(queue))),
        ];

        Assert.Equal(expected.Order(), stack.RolesOf("api-0").Order());
    }

    [Fact]
    public async Task The_worker_can_write_blobs_because_it_accepts_and_deletes_uploads()
    {
        var stack = await bicep.EvaluateAsync(TemplateParameters.ContainerApps);
        (string, string)[] expected =
        [
            (Roles.BlobContributor, stack.Account), (Roles.BlobDelegator, stack.Account), (Roles.TableContributor, stack.Account),
            (Roles.ImagePuller, Registry(stack)),
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
        Assert.Equal((int)(ConcurrentMessages() / SecondsPerSmallMessage * seconds), lengths[new StorageOptions().WorkQueue]);
    }

    [Fact]
    public async Task The_api_and_the_worker_have_their_roles_and_only_the_api_the_key()
    {
        var stack = await bicep.EvaluateAsync(TemplateParameters.ContainerAppsInThreeRegions);
        var (api, worker) = (App(stack, "api-1").GetRawText(), App(stack, "worker-1").GetRawText());

        Assert.Equal(nameof(Role.Api), RoleOf(api));
        Assert.Equal(nameof(Role.Worker), RoleOf(worker));
        Assert.Contains("ImageResize__Keys__default', 'secretRef', 'api-key'", api, StringComparison.Ordinal);
        Assert.DoesNotContain("api-key", worker, StringComparison.Ordinal);
        Assert.DoesNotContain("no-key-but-long-enough-for-one", api + worker, StringComparison.Ordinal);
        Assert.DoesNotContain("ingress", worker, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_share_is_mounted_as_the_images_folder()
    {
        var stack = await bicep.EvaluateAsync(TemplateParameters.ContainerAppsInThreeRegions);

        Assert.All(AppsWithShare, app => Assert.Equal(
            "/ImageResize/images",
            Template(stack, app).GetProperty("containers")[0].GetProperty("volumeMounts")[0].GetProperty("mountPath").GetString()));
    }

    private static int ConcurrentMessages()
    {
        using var host = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RepositoryRoot.Find()!, "host.json")));
        var queues = host.RootElement.GetProperty("extensions").GetProperty("queues");

        return queues.GetProperty("batchSize").GetInt32() + queues.GetProperty("newBatchThreshold").GetInt32();
    }

    private static string RoleOf(string app) => Regex.Match(app, @"ImageResize__Role', 'value', '(\w+)'").Groups[1].Value;

    private static JsonElement App(Stack stack, string name) => stack.Of("Microsoft.App/containerApps").Single(app => Name(app) == name);

    private static JsonElement Template(Stack stack, string name) => App(stack, name).GetProperty("properties").GetProperty("template");

    private static string Registry(Stack stack) =>
        "Microsoft.ContainerRegistry/registries/" + Name(Assert.Single(stack.Of("Microsoft.ContainerRegistry/registries")));
}
