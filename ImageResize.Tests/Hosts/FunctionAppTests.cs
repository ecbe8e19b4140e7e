using System.Text.Json;
using ImageResize.Core.Storage;
using ImageResize.Tests.Support.FunctionsHost;

namespace ImageResize.Tests.Hosts;

/// <summary>host.json and every function.json say what the real host needs them to say.</summary>
[Collection(PublishedAppTests.Name)]
public sealed class FunctionAppTests(PublishedApp published)
{
    [Fact]
    public void The_host_proxies_requests_without_a_prefix()
    {
        var host = published.Read().HostJson;

        Assert.True(host.GetProperty("customHandler").GetProperty("enableProxyingHttpRequest").GetBoolean());
        Assert.Equal("", host.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());
        Assert.Equal("00:05:00", host.GetProperty("functionTimeout").GetString());
    }

    [Fact]
    public void The_handler_that_the_host_starts_is_there()
    {
        var description = published.Read().HostJson.GetProperty("customHandler").GetProperty("description");

        Assert.Equal("dotnet", description.GetProperty("defaultExecutablePath").GetString());
        Assert.True(File.Exists(Path.Combine(published.Root, description.GetProperty("arguments")[0].GetString()!)));
        Assert.Contains(Directory.GetFiles(published.Root, "*vips*", SearchOption.AllDirectories), file => !file.EndsWith("NetVips.dll", StringComparison.Ordinal));
    }

    [Fact]
    public void Queues_are_worked_off_a_little_at_a_time_and_failures_wait()
    {
        var queues = published.Read().HostJson.GetProperty("extensions").GetProperty("queues");

        Assert.Equal("base64", queues.GetProperty("messageEncoding").GetString());
        Assert.Equal("00:00:02", queues.GetProperty("maxPollingInterval").GetString());
        Assert.True(TimeSpan.Parse(queues.GetProperty("visibilityTimeout").GetString()!) >= TimeSpan.FromSeconds(30));
        Assert.InRange(queues.GetProperty("batchSize").GetInt32(), 1, 8);
        Assert.InRange(queues.GetProperty("newBatchThreshold").GetInt32(), 0, 4);
        Assert.Equal(5, queues.GetProperty("maxDequeueCount").GetInt32());
    }

    [Fact]
    public void Every_queue_function_takes_bytes_from_the_queue_of_its_setting()
    {
        var queues = Functions("queueTrigger");

        Assert.Equal(["FailPoisoned", "FailPoisonedBulk", "ProcessBulk", "ProcessWork"], queues.Keys.Order());
        Assert.All(queues.Values, trigger => Assert.Equal("binary", trigger.GetProperty("dataType").GetString()));
        Assert.All(queues.Values, trigger => Assert.Equal("AzureWebJobsStorage", trigger.GetProperty("connection").GetString()));
        Assert.All(queues.Values, trigger => Assert.Equal("message", trigger.GetProperty("name").GetString()));
        Assert.Equal(new StorageOptions().WorkQueue, queues["ProcessWork"].GetProperty("queueName").GetString());
        Assert.Equal(new StorageOptions().WorkQueue + "-poison", queues["FailPoisoned"].GetProperty("queueName").GetString());
        Assert.Equal(new StorageOptions().BulkQueue, queues["ProcessBulk"].GetProperty("queueName").GetString());
        Assert.Equal(new StorageOptions().BulkQueue + "-poison", queues["FailPoisonedBulk"].GetProperty("queueName").GetString());
    }

    [Fact]
    public void Http_functions_have_one_trigger_and_one_answer_so_that_requests_pass_unchanged()
    {
        var functions = published.Read().Functions.Where(function => Types(function.Value).Contains("httpTrigger")).ToList();

        Assert.NotEmpty(functions);
        Assert.All(functions, function => Assert.Equal(["http", "httpTrigger"], Types(function.Value).Order()));
    }

    [Fact]
    public void No_route_overlaps_a_path_that_the_host_posts_to()
    {
        var posted = published.Read().Functions.Where(function => !Types(function.Value).Contains("httpTrigger")).Select(function => function.Key);
        var firstParts = Functions("httpTrigger").Values.Select(trigger => trigger.GetProperty("route").GetString()!.Split('/')[0]).ToList();

        Assert.All(posted, name => Assert.DoesNotContain(name, firstParts, StringComparer.OrdinalIgnoreCase));
        Assert.All(firstParts, part => Assert.DoesNotContain('*', part));
    }

    [Fact]
    public void The_root_is_ours_and_open_and_the_rest_of_the_api_asks_for_a_key()
    {
        var levels = Functions("httpTrigger").ToDictionary(function => function.Key, function => function.Value.GetProperty("authLevel").GetString());

        Assert.Equal("{ignored:maxlength(0)?}", Functions("httpTrigger")["root"].GetProperty("route").GetString());
        Assert.All(levels, level => Assert.Equal(level.Key switch { "root" or "health" => "anonymous", "metrics" => "admin", _ => "function" }, level.Value));
    }

    [Fact]
    public void What_only_developers_need_is_not_published()
    {
        Assert.Empty(Directory.GetDirectories(published.Root, "Azurite"));
        Assert.False(File.Exists(Path.Combine(published.Root, "local.settings.json")));
    }

    private Dictionary<string, JsonElement> Functions(string triggerType) => published.Read().Functions
        .Select(function => (function.Key, Trigger: FunctionApp.Trigger(function.Value)))
        .Where(function => function.Trigger.GetProperty("type").GetString() == triggerType)
        .ToDictionary(function => function.Key, function => function.Trigger);

    private static IEnumerable<string> Types(JsonElement function) =>
        function.GetProperty("bindings").EnumerateArray().Select(binding => binding.GetProperty("type").GetString()!);
}
