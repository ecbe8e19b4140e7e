using ImageResize.Core.Batches;
using ImageResize.Tests.Support.InMemory;

namespace ImageResize.Tests.Storage.Tables;

public sealed class InMemoryCallbackStoreTests : CallbackStoreTests
{
    public InMemoryCallbackStoreTests() => Callbacks = new InMemoryCallbackStore(Jobs);

    internal override IJobStore Jobs { get; } = new InMemoryJobStore(TimeProvider.System);

    internal override ICallbackStore Callbacks { get; }
}
