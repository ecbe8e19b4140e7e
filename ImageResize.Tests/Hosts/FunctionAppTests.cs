using System.Text.Json;
using ImageResize.Core.Messages.Waiting;
using ImageResize.Core.Storage;
using ImageResize.Tests.Support.FunctionsHost;

namespace ImageResize.Tests.Hosts;

/// <summary>The published folder contains everything that the Functions host needs.</summary>
[Collection(PublishedAppTests.Name)]
public sealed class FunctionAppTests(PublishedApp published)
{
    [Fact]
    public void The_host_adds_no_prefix_to_routes_and_ends_functions_after_five_minutes()
    {
        var host = published.Read().HostJson;

        Assert.Equal("", host.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());
        Assert.Equal("00:05:00", host.GetProperty("functionTimeout").GetString());
        Assert.False(host.TryGetProperty("customHandler", out _));
        Assert.False(host.TryGetProperty("extensionBundle", out _), "A bundle together with extensions of our own is refused by func.");
    }

    [Fact]
    public void The_host_does_not_log_its_own_storage_requests()
    {
        var levels = published.Read().HostJson.GetProperty("logging").GetProperty("logLevel");

        Assert.Equal("Warning", levels.GetProperty("Azure.Core").GetString());
    }

    [Fact]
    public void The_published_app_contains_the_worker_its_extensions_and_libvips()
    {
        var (executable, worker) = published.Read().Command;

        Assert.Equal("dotnet", executable);
        Assert.True(File.Exists(Path.Combine(published.Root, worker)));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(published.Root, ".azurefunctions"), "*Storage.Queues.dll"));
        Assert.True(File.Exists(Path.Combine(published.Root, "extensions.json")));
        Assert.Contains(
            Directory.GetFiles(published.Root, "*vips*", SearchOption.AllDirectories),
            file => !file.EndsWith("NetVips.dll", StringComparison.Ordinal));
    }

    [Fact]
    public void More_messages_are_received_at_once_than_one_caller_may_occupy_and_failures_are_delayed()
    {
        var queues = published.Read().Queues;

        Assert.Equal("none", queues.MessageEncoding);
        Assert.Equal(TimeSpan.FromSeconds(2), queues.MaxPollingInterval);
        Assert.True(queues.VisibilityTimeout >= TimeSpan.FromSeconds(30));
        Assert.True(queues.BatchSize + queues.NewBatchThreshold > 2 * CallerSlots.Default);
        Assert.Equal(5, queues.MaxDequeueCount);
    }

    [Fact]
    public void Queue_functions_receive_from_the_queues_that_the_app_sends_to()
    {
        var queues = Functions("queueTrigger");

        Assert.All(queues.Values, trigger => Assert.Equal("AzureWebJobsStorage", trigger.GetProperty("connection").GetString()));
        Assert.Equal(
            new Dictionary<string, string?>
            {
                ["ProcessWork"] = new StorageOptions().WorkQueue,
                ["FailPoisoned"] = new StorageOptions().WorkQueue + "-poison",
                ["ProcessBulk"] = new StorageOptions().BulkQueue,
                ["ProcessEvents"] = new StorageOptions().EventQueue,
                ["FailPoisonedBulk"] = new StorageOptions().BulkQueue + "-poison",
            },
            queues.ToDictionary(queue => queue.Key, queue => queue.Value.GetProperty("queueName").GetString()));
    }

    [Fact]
    public void Developer_tools_and_local_settings_are_not_published()
    {
        Assert.Empty(Directory.GetDirectories(published.Root, "Azurite"));
        Assert.False(File.Exists(Path.Combine(published.Root, "local.settings.json")));
    }

    /// <summary>The triggers of one type, by function, as the build lists them for Azure.</summary>
    private Dictionary<string, JsonElement> Functions(string triggerType) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(published.Root, "functions.metadata"))).RootElement.EnumerateArray()
            .SelectMany(function => function.GetProperty("bindings").EnumerateArray()
                .Where(binding => binding.GetProperty("type").GetString() == triggerType)
                .Select(binding => (Name: function.GetProperty("name").GetString()!, binding)))
            .ToDictionary(function => function.Name, function => function.binding);
}
