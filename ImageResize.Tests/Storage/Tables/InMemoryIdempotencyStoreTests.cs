using ImageResize.Core.Idempotency;
using ImageResize.Tests.Support.InMemory;

namespace ImageResize.Tests.Storage.Tables;

public sealed class InMemoryIdempotencyStoreTests : IdempotencyStoreTests
{
    internal override IIdempotencyStore Store { get; } = new InMemoryIdempotencyStore(TimeProvider.System);
}
