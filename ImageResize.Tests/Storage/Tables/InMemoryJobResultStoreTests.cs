using ImageResize.Core.Batches;
using ImageResize.Tests.Support.InMemory;

namespace ImageResize.Tests.Storage.Tables;

public sealed class InMemoryJobResultStoreTests : JobResultStoreTests
{
    internal override IJobStore Store { get; } = new InMemoryJobStore(TimeProvider.System);
}
