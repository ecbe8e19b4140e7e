using ImageResize.Core.Batches;
using ImageResize.Tests.Support.InMemory;

namespace ImageResize.Tests.Storage.Tables;

public sealed class InMemoryJobStoreTests : JobStoreTests
{
    internal override IJobStore Store { get; } = new InMemoryJobStore(TimeProvider.System);
}
