using Azure.Data.Tables;

namespace ImageResize.Core.Storage;

/// <summary>Changes of rows of one partition, in as few transactions as the service takes them: 100 rows and 4 MiB at the most.</summary>
internal static class Transactions
{
    private const int Rows = 100;

    /// <summary>Below the limit, for what goes around the rows weighs as well.</summary>
    private const int Bytes = 3_000_000;

    public static IEnumerable<List<TableTransactionAction>> Of(IEnumerable<TableTransactionAction> changes)
    {
        var transaction = new List<TableTransactionAction>();
        var weight = 0;
        foreach (var change in changes)
        {
            var added = JsonColumns.Weight((TableEntity)change.Entity);
            if (transaction.Count == Rows || (transaction.Count > 0 && weight + added > Bytes))
            {
                yield return transaction;
                (transaction, weight) = ([], 0);
            }

            transaction.Add(change);
            weight += added;
        }

        if (transaction.Count > 0)
        {
            yield return transaction;
        }
    }
}
