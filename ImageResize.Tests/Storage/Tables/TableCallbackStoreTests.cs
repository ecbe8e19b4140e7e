using ImageResize.Core.Batches;
using ImageResize.Core.Storage;
using ImageResize.Core.Storage.Tables;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Storage.Tables;

public sealed class TableCallbackStoreTests : CallbackStoreTests
{
    public TableCallbackStoreTests(Azurite azurite)
    {
        var tables = StorageAccount.ByConnectionString(azurite.ConnectionString).OpenTables();
        var options = Options.Create(new StorageOptions { TablePrefix = Azurite.UniquePrefix() });
        Jobs = new TableJobStore(tables, options);
        Callbacks = new TableCallbackStore(tables, options);
    }

    internal override IJobStore Jobs { get; }

    internal override ICallbackStore Callbacks { get; }
}
