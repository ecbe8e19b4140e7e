using ImageResize.Core.Messages;
using ImageResize.Tests.Support.InMemory;

namespace ImageResize.Tests.Storage.Queues;

public sealed class InMemoryQueueTests : MessageQueueTests
{
    private readonly InMemoryQueue _queue = new(TimeProvider.System);

    internal override IMessageQueue Sender => _queue;

    internal override IMessageReceiver Receiver => _queue;

    internal override Task<IReadOnlyList<string>> PoisonedAsync() => Task.FromResult<IReadOnlyList<string>>(_queue.Poisoned);
}
