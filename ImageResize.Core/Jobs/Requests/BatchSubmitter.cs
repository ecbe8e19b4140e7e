using ImageResize.Core.Errors;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>What is wrong with one item of a manifest.</summary>
/// <param name="Item">Its number, from 0.</param>
public sealed record ItemError(int Item, string Code, string Message);

/// <summary>Items of a manifest are wrong; nothing was queued.</summary>
public sealed class ItemsRefusedException(IReadOnlyList<ItemError> errors) : Exception("Items of the batch cannot be done.")
{
    public IReadOnlyList<ItemError> Errors { get; } = errors;
}

/// <summary>
/// Submits a batch of items as they arrive. Some thousand are stored at once; of more, or when there are folders among them, a manifest
/// is written that the queue lists. Memory does not grow with their number.
/// </summary>
public sealed class BatchSubmitter(JobSubmitter submitter, ItemReader items, IManifestStore manifests)
{
    private const int MostErrors = 100;

    /// <param name="asked">A new batch, with what its caller said of it.</param>
    /// <param name="lines">The items, as JSON.</param>
    /// <param name="mostItems">More are refused.</param>
    /// <exception cref="ItemsRefusedException">Some items are wrong: the first hundred of them.</exception>
    public async Task<Batch> SubmitAsync(
        Batch asked,
        IAsyncEnumerable<ReadOnlyMemory<byte>> lines,
        JobActions? actions,
        int mostItems,
        CancellationToken cancellationToken)
    {
        var read = new BatchItems(asked.Id, manifests);
        try
        {
            await ReadAsync(lines, actions, mostItems, read, cancellationToken);
        }
        catch
        {
            await read.RemoveAsync();
            throw;
        }

        if (!read.AreInManifest)
        {
            return await submitter.SubmitAsync(asked, read.Kept, cancellationToken);
        }

        await read.CompleteAsync();

        return await submitter.SubmitAsync(asked, new Listing(Folder: null, actions), cancellationToken);
    }

    /// <summary>Submits what a blob lists; its items are read by the queue.</summary>
    /// <exception cref="RefusedException">The blob is missing or not allowed.</exception>
    public async Task<Batch> SubmitAsync(Batch asked, string manifest, JobActions? actions, CancellationToken cancellationToken)
    {
        var named = await manifests.CheckAsync(manifest, cancellationToken);

        return await submitter.SubmitAsync(asked, new Listing(Folder: null, actions) { Manifest = named }, cancellationToken);
    }

    private async Task ReadAsync(
        IAsyncEnumerable<ReadOnlyMemory<byte>> lines, JobActions? actions, int mostItems, BatchItems read, CancellationToken cancellationToken)
    {
        var errors = new List<ItemError>();
        var number = 0;
        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            if (number == mostItems)
            {
                throw new RefusedException(ErrorCode.TooManyItems, $"A batch has {mostItems} items at most.");
            }

            var item = await ReadAsync(line, actions, number++, errors, cancellationToken);
            if (item is not null && errors.Count == 0)
            {
                await read.AddAsync(item, line, cancellationToken);
            }
        }

        if (number == 0)
        {
            throw new RefusedException(ErrorCode.InvalidItem, "A batch has one item at least.");
        }

        if (errors.Count > 0)
        {
            throw new ItemsRefusedException(errors);
        }
    }

    private async Task<Item?> ReadAsync(
        ReadOnlyMemory<byte> line,
        JobActions? actions,
        int number,
        List<ItemError> errors,
        CancellationToken cancellationToken)
    {
        try
        {
            return await items.ReadAsync(line, actions, cancellationToken);
        }
        catch (RefusedException refusal)
        {
            Add(errors, new ItemError(number, refusal.Code.Name, refusal.Message));
        }

        return null;
    }

    private static void Add(List<ItemError> errors, ItemError error)
    {
        if (errors.Count < MostErrors)
        {
            errors.Add(error);
        }
    }
}
