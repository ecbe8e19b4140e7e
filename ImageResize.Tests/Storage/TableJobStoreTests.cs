using ImageResize.Core.Jobs;
using ImageResize.Core.Storage;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Storage;

public sealed class TableJobStoreTests(Azurite azurite) : JobStoreTests
{
    internal override IJobStore Store { get; } = new TableJobStore(
        StorageAccount.ByConnectionString(azurite.ConnectionString).OpenTables(),
        Options.Create(new StorageOptions { TablePrefix = Azurite.UniquePrefix() }));
}
