namespace ImageResize.Tests.Deployment;

/// <summary>Events of watched containers.</summary>
[Collection(BicepTests.Name)]
public sealed class WatchDeploymentTests(Bicep bicep)
{
    private const string Topics = "Microsoft.EventGrid/systemTopics", Subscriptions = "Microsoft.EventGrid/systemTopics/eventSubscriptions";

    [Fact]
    public async Task Events_and_the_timer_are_off_by_default()
    {
        var stack = await bicep.EvaluateAsync();

        Assert.Empty(stack.Of(Topics));
        Assert.Matches(@"ListWatches\.Disabled\W+value\W+true\W", AppText(stack));
        Assert.Matches(@"ProcessEvents\.Disabled\W+value\W+true\W", AppText(stack));
    }

    [Fact]
    public async Task Watched_containers_send_their_events_to_the_queue()
    {
        var stack = await bicep.EvaluateAsync(
            "param watchedContainers = 'images, scans/in/'",
            "param watches = { products: { source: 'blob://images/**', preset: 'card' } }");

        Assert.Single(stack.Of(Topics));
        var filters = stack.Of(Subscriptions).Select(subscription =>
            subscription.GetProperty("properties").GetProperty("filter").GetProperty("subjectBeginsWith").GetString());
        Assert.Equal(
            ["/blobServices/default/containers/images/blobs/", "/blobServices/default/containers/scans/blobs/in/"],
            filters.Order(StringComparer.Ordinal));
        Assert.Matches(@"ProcessEvents\.Disabled\W+value\W+false\W", AppText(stack));
        Assert.Matches(@"ImageResize__Watches__products__intervalSeconds\W+value\W+0\W", AppText(stack));
        Assert.Contains(
            stack.Of("Microsoft.Storage/storageAccounts/queueServices/queues"),
            queue => Stack.Name(queue).EndsWith("imageresize-work-events", StringComparison.Ordinal));
    }

    private static string AppText(Stack stack) => stack.Of("Microsoft.Web/sites").Single().GetRawText();
}
