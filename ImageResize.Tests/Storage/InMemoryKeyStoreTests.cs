using ImageResize.Core.Idempotency;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Storage;

public sealed class InMemoryKeyStoreTests : KeyStoreTests
{
    internal override IKeyStore Store { get; } = new InMemoryKeyStore(TimeProvider.System);
}
