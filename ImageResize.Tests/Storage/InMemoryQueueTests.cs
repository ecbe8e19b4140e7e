using ImageResize.Core.Jobs;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Storage;

public sealed class InMemoryQueueTests : DeliveryQueueTests
{
    private readonly InMemoryQueue _queue = new(TimeProvider.System);

    internal override IJobQueue Jobs => _queue;

    internal override IDeliveryQueue Deliveries => _queue;

    internal override Task<IReadOnlyList<string>> PoisonedAsync() => Task.FromResult<IReadOnlyList<string>>(_queue.Poisoned);
}
