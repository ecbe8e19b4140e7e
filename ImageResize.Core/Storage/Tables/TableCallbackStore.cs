using Azure;
using Azure.Data.Tables;
using ImageResize.Core.Batches;
using ImageResize.Core.Identifiers;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Storage.Tables;

/// <summary>Stores a callback as a row beside its batch's header; see <see cref="Rows"/> for the keys.</summary>
internal sealed class TableCallbackStore(TableServiceClient tables, IOptions<StorageOptions> options) : ICallbackStore
{
    private readonly DailyTables _days = new(tables, options.Value.TablePrefix);

    public async Task<CallbackStatus> AddOrGetAsync(BatchId id, CallbackStatus callback, CancellationToken cancellationToken)
    {
        var table = _days.Of(id.Day);
        try
        {
            var added = await table.AddEntityAsync(CallbackRow.Of(id, callback), cancellationToken);

            return callback with { Version = added.Headers.ETag?.ToString() ?? "" };
        }
        catch (RequestFailedException conflict) when (conflict.Status == 409)
        {
            var stored = await table.GetEntityAsync<TableEntity>(id.ToString(), CallbackRow.Key, cancellationToken: cancellationToken);

            return CallbackRow.ToCallback(stored.Value);
        }
    }

    public async Task<CallbackStatus?> FindAsync(BatchId id, CancellationToken cancellationToken) =>
        await _days.FindRowAsync(id.Day, id.ToString(), CallbackRow.Key, cancellationToken) is { } row ? CallbackRow.ToCallback(row) : null;

    public async Task<bool> TryReplaceAsync(BatchId id, CallbackStatus callback, CancellationToken cancellationToken)
    {
        try
        {
            await _days.Of(id.Day).UpdateEntityAsync(
                CallbackRow.Of(id, callback),
                new ETag(callback.Version),
                TableUpdateMode.Replace,
                cancellationToken);

            return true;
        }
        catch (RequestFailedException conflict) when (conflict.Status is 412 or 404)
        {
            return false;
        }
    }
}
