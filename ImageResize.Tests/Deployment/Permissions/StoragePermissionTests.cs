using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using ImageResize.Core.Messages;
using ImageResize.Core.Statistics;
using ImageResize.Core.Storage.Queues;
using ImageResize.Tests.Contract;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Deployment.Permissions;

/// <summary>
/// The roles that the template assigns allow all requests that the apps send to storage, and none could be left out. Requests are recorded
/// by a proxy in front of Azurite. Those of the Functions host to its own containers and of KEDA are not among them.
/// </summary>
[Collection(PublishedAppTests.Name)]
public sealed class StoragePermissionTests(PublishedApp published, Bicep bicep, ITestOutputHelper output) : IClassFixture<Bicep>
{
    /// <summary>With events of watched containers, an app has roles on another queue.</summary>
    private const string Watched = "param watchedContainers = 'images/in/'";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_function_app_has_the_roles_that_its_requests_need_and_no_others()
    {
        var stack = await bicep.EvaluateAsync(Watched);
        await using var azurite = await DeployedAzurite.StartAsync(stack);
        await using var recorder = await StorageRecorder.StartAsync(azurite.Ports, Token);
        using var images = new TemporaryFolder();
        var settings = new Dictionary<string, string>(StorageWork.Settings)
        {
            ["AzureWebJobsStorage"] = recorder.Ports.ConnectionString,
            ["ImageResize__Sources__ImagesRoot"] = images.Path,
            ["ImageResize__Blobs__AllowedContainers"] = "images",
            ["ImageResize__Thumbnails__OutputContainer"] = "thumbnails",
        };

        await PoisonAsync(azurite, recorder);
        await using (var host = await published.StartAsync(settings, new HostSetup()))
        {
            await WorkAsync(azurite, recorder, images, request => host.SendAsync(request, Token));
            Assert.Null(await host.TickAsync("DropExpired"));
        }

        AssertRoles(stack, Stack.Name(Assert.Single(stack.Of("Microsoft.Web/sites"))), recorder);
    }

    [Fact]
    public async Task Container_apps_have_the_roles_that_their_requests_need_and_no_others()
    {
        var stack = await bicep.EvaluateAsync(TemplateParameters.ContainerShape, Watched);
        await using var azurite = await DeployedAzurite.StartAsync(stack);
        await using var ofApi = await StorageRecorder.StartAsync(azurite.Ports, Token);
        await using var ofWorker = await StorageRecorder.StartAsync(azurite.Ports, Token);
        await using var api = await StartAsync(ofApi, "--ImageResize:Role=Api");
        await using var worker = await StartAsync(
            ofWorker, "--ImageResize:Role=Worker", $"--ImageResize:Sources:ImagesRoot={api.Images.Path}");

        await WorkAsync(azurite, ofWorker, api.Images, request => api.Client.SendAsync(request, Token));
        await Task.WhenAll(new[] { api, worker }.Select(app => app.Services.GetRequiredService<StatisticsRecorder>().RecordAsync(Token)));
        await PoisonAsync(azurite, worker);

        AssertRoles(stack, "api-0", ofApi);
        AssertRoles(stack, "worker-0", ofWorker);
    }

    /// <summary>Each role is missed when it is taken away, so a role that is forgotten would be noticed.</summary>
    private void AssertRoles(Stack stack, string app, StorageRecorder recorder)
    {
        var required = recorder.Requests.Where(request => !IsOnlyLocal(request)).SelectMany(StorageActions.Of).Distinct().ToList();
        output.WriteLine($"{app}: {recorder.Requests.Count} requests");
        required.ForEach(need => output.WriteLine($"  {need.Queue ?? "account"}: {need.Actions}"));
        var roles = StorageRoles.Of(stack, app);

        Assert.Empty(roles.FindRefused(required));
        Assert.Empty(roles.FindUnused(required));
    }

    /// <summary>Allows browsers to send uploads to Azurite. In Azure, the template does.</summary>
    private static bool IsOnlyLocal(StorageRequest request) =>
        request is { Service: "blob", ResourceType: "service", Component: "properties" };

    private static async Task WorkAsync(
        DeployedAzurite azurite, StorageRecorder recorder, TemporaryFolder images, Func<HttpRequestMessage, Task<HttpResponseMessage>> send)
    {
        images.Write("photo.jpg", TestImages.Jpeg(400, 300));
        images.Write("turned.jpg", TestImages.Jpeg(400, 300, orientation: 6));
        images.Write("logo.png", TestImages.TransparentPng());
        images.Write("text.jpg", "no image"u8.ToArray());
        images.Write("folder/a.jpg", TestImages.Jpeg(300, 200));
        images.Write("folder/b.png", TestImages.Png(200, 300));

        await ConversationScript.SendAsync(new Conversation(send));
        await new StorageWork(azurite, recorder.Ports.Blob, send).DoAsync();
    }

    private static Task<RunningApp> StartAsync(StorageRecorder recorder, params string[] settings) => RunningApp.StartAsync(
        recorder.Ports.ConnectionString,
        [
            "--ImageResize:Storage:TablePrefix=imageresize",
            "--ImageResize:Storage:WorkQueue=imageresize-work",
            "--ImageResize:Blobs:AllowedContainers=images",
            "--ImageResize:Thumbnails:OutputContainer=thumbnails",
            .. StorageWork.Settings.Select(setting => $"--{setting.Key.Replace("__", ":", StringComparison.Ordinal)}={setting.Value}"),
            .. settings,
        ]);

    /// <summary>A message of each queue fails until the Functions host gives it up.</summary>
    private async Task PoisonAsync(DeployedAzurite azurite, StorageRecorder recorder)
    {
        var ofHost = new QueueServiceClient(recorder.Ports.ConnectionString);
        var options = published.Read().Queues with { VisibilityTimeout = TimeSpan.Zero };
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Token);
        string[] names = [.. Stack.WorkQueues, "imageresize-work-events"];
        var triggers = names.Select(name => new QueueTrigger(
            ofHost.GetQueueClient(name),
            ofHost.GetQueueClient(name + "-poison"),
            options,
            HostSetup.RealLease,
            (_, _, _) => Task.FromResult(false)).RunAsync(stopping.Token, Token)).ToList();
        foreach (var name in names)
        {
            await azurite.Queue(name).SendMessageAsync("e30=", Token);
            await Eventually.Async(async () =>
                (await azurite.Queue(name + "-poison").GetPropertiesAsync(Token)).Value.ApproximateMessagesCount > 0);
        }

        await stopping.CancelAsync();
        await Task.WhenAll(triggers);
    }

    /// <summary>The worker gives up a message of each queue.</summary>
    private static async Task PoisonAsync(DeployedAzurite azurite, RunningApp worker)
    {
        var queues = worker.Services.GetRequiredService<PriorityQueues>();
        foreach (var (queue, name) in new[] { queues.Interactive, queues.Bulk }.Zip(Stack.WorkQueues))
        {
            SendReceipt sent = await azurite.Queue(name).SendMessageAsync("e30=", TimeSpan.FromHours(1), cancellationToken: Token);
            await queue.MoveToPoisonAsync(new ReceivedMessage(sent.MessageId, "e30=", 6) { PopReceipt = sent.PopReceipt }, Token);
        }
    }
}
