using ImageResize.Core.Jobs;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Storage;

public sealed class InMemoryJobStoreTests : JobStoreTests
{
    internal override IJobStore Store { get; } = new InMemoryJobStore(TimeProvider.System);
}
