using ImageResize.Core.Errors;
using ImageResize.Core.Jobs;
using ImageResize.Core.Quotas;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Batches.Submission;

/// <summary>The error of an item.</summary>
/// <param name="Item">Its number, from 0.</param>
public sealed record ItemError(int Item, string Code, string Message)
{
    /// <summary>The number of its line, from 1, with empty lines counted as in an editor; null for an item of a JSON body.</summary>
    public int? Line { get; init; }
}

/// <summary>Items of a batch are invalid; nothing was queued.</summary>
public sealed class ItemsRefusedException(IReadOnlyList<ItemError> errors) : Exception("Items of the batch are invalid.")
{
    public IReadOnlyList<ItemError> Errors { get; } = errors;
}

/// <summary>
/// Submits a batch from items as they arrive. Up to a few thousand items are stored directly. More items, or items that are folders, are
/// written to a manifest, which the queue lists. The memory used does not grow with the number of items.
/// </summary>
public sealed class BatchImport(BatchSubmitter submitter, ItemParser parser, IManifestStore manifests, Admission admission)
{
    private const int MaxErrors = 100;

    /// <summary>Items that are parsed in a row, which takes some milliseconds. Other requests are served in between.</summary>
    private const int ItemsAtOnce = 128;

    /// <summary>A caller's batches are parsed by one thread, however many it sends at once.</summary>
    private readonly KeyedSlots<string> _parsing = new(slots: 1);

    /// <param name="batch">A new batch with the values that its caller gave it.</param>
    /// <param name="lines">The items as JSON. Those that had no line have the number 0.</param>
    /// <param name="actions">The actions of items without their own.</param>
    /// <param name="maxItems">More items are refused.</param>
    /// <exception cref="ItemsRefusedException">Items are invalid. Contains the first hundred of them.</exception>
    public async Task<Batch> SubmitAsync(
        Batch batch,
        IAsyncEnumerable<Line> lines,
        JobActions? actions,
        int maxItems,
        CancellationToken cancellationToken)
    {
        await admission.EnsureRoomAsync(batch.Caller, cancellationToken);
        var items = new ImportedItems(batch.Id, manifests);
        try
        {
            await ReadAsync(batch.Caller, lines, actions, maxItems, items, cancellationToken);
        }
        catch
        {
            await items.RemoveAsync();
            throw;
        }

        if (!items.AreInManifest)
        {
            return await submitter.SubmitAsync(batch, items.Jobs, cancellationToken);
        }

        await items.CompleteAsync();
        try
        {
            return await submitter.SubmitListingAsync(batch, new Listing(Folder: null, actions), items.Work, cancellationToken);
        }
        catch (RefusedException)
        {
            await items.RemoveAsync();
            throw;
        }
    }

    public static RefusedException TooManyItems(int max) => new(ErrorCode.TooManyItems, $"A batch can have at most {max} items.");

    /// <summary>Submits a batch whose items the queue reads from a blob.</summary>
    /// <exception cref="RefusedException">The blob is missing or not allowed.</exception>
    public async Task<Batch> SubmitManifestAsync(Batch batch, SourceUri manifest, JobActions? actions, CancellationToken cancellationToken)
    {
        var blob = await manifests.CheckAsync(manifest, cancellationToken);

        var listing = new Listing(Folder: null, actions) { Manifest = blob };

        return await submitter.SubmitListingAsync(batch, listing, BatchEstimate.OfUnknown(actions, jobs: null), cancellationToken);
    }

    private async Task ReadAsync(
        string? caller,
        IAsyncEnumerable<Line> lines,
        JobActions? actions,
        int maxItems,
        ImportedItems items,
        CancellationToken cancellationToken)
    {
        var errors = new List<ItemError>();
        var number = 0;
        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            if (number == maxItems)
            {
                throw TooManyItems(maxItems);
            }

            if (errors.Count == MaxErrors)
            {
                number++; // Only counted.
                continue;
            }

            var item = await ParseAsync(caller, line, actions, number++, errors, cancellationToken);
            if (item is not null && errors.Count == 0)
            {
                await items.AddAsync(item, line.Text, cancellationToken);
            }

            if (number % ItemsAtOnce == 0)
            {
                await Task.Yield();
            }
        }

        if (number == 0)
        {
            throw new RefusedException(ErrorCode.InvalidItem, "A batch must have at least one item.");
        }

        if (errors.Count > 0)
        {
            throw new ItemsRefusedException(errors);
        }
    }

    /// <returns>Null if the item is invalid.</returns>
    private async Task<Item?> ParseAsync(
        string? caller,
        Line line,
        JobActions? actions,
        int number,
        List<ItemError> errors,
        CancellationToken cancellationToken)
    {
        using var turn = await _parsing.TakeAsync(caller ?? "", cancellationToken);
        try
        {
            return await parser.ParseAsync(line.Text, actions, cancellationToken);
        }
        catch (RefusedException refusal)
        {
            errors.Add(new ItemError(number, refusal.Code.Name, refusal.Message) { Line = line.Number > 0 ? line.Number : null });

            return null;
        }
    }
}
