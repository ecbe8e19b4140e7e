using ImageResize.Core.Idempotency;
using ImageResize.Core.Storage;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Storage;

public sealed class TableKeyStoreTests(Azurite azurite) : KeyStoreTests
{
    internal override IKeyStore Store { get; } = new TableKeyStore(
        StorageAccount.ByConnectionString(azurite.ConnectionString).OpenTables(),
        Options.Create(new StorageOptions { TablePrefix = Azurite.UniquePrefix() }));
}
