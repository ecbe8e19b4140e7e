using ImageResize.Core.Batches;
using ImageResize.Core.Storage;
using ImageResize.Core.Storage.Tables;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Storage.Tables;

public sealed class TableJobResultStoreTests(Azurite azurite) : JobResultStoreTests
{
    internal override IJobStore Store { get; } = new TableJobStore(
        StorageAccount.ByConnectionString(azurite.ConnectionString).OpenTables(),
        Options.Create(new StorageOptions { TablePrefix = Azurite.UniquePrefix() }));
}
