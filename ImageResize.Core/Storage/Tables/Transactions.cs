using Azure.Data.Tables;

namespace ImageResize.Core.Storage.Tables;

/// <summary>
/// Groups changes of a partition's rows into as few transactions as possible. Table Storage limits one to 100 rows and 4 MiB.
/// </summary>
internal static class Transactions
{
    private const int MaxRows = 100;

    /// <summary>Below the limit, because the request contains more than the rows.</summary>
    private const int MaxBytes = 3_000_000;

    public static IEnumerable<List<TableTransactionAction>> Of(IEnumerable<TableTransactionAction> changes)
    {
        var transaction = new List<TableTransactionAction>();
        var size = 0;
        foreach (var change in changes)
        {
            var added = JsonColumns.EstimateSize((TableEntity)change.Entity);
            if (transaction.Count == MaxRows || (transaction.Count > 0 && size + added > MaxBytes))
            {
                yield return transaction;
                (transaction, size) = ([], 0);
            }

            transaction.Add(change);
            size += added;
        }

        if (transaction.Count > 0)
        {
            yield return transaction;
        }
    }
}
