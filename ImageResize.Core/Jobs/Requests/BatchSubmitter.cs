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
        var direct = new List<(Job Job, ReadOnlyMemory<byte> Line)>();
        var errors = new List<ItemError>();
        Stream? manifest = null;
        var number = 0;
        try
        {
            await foreach (var line in lines.WithCancellation(cancellationToken))
            {
                if (number == mostItems)
                {
                    throw new ItemRefusedException(ItemRefusedException.TooManyItems, $"A batch has {mostItems} items at most.");
                }

                var item = await ReadAsync(line, actions, number++, errors, cancellationToken);
                if (item is null || errors.Count > 0)
                {
                    continue;
                }

                if (manifest is null && !item.IsFolder && direct.Count < JobSubmitter.MostDirectJobs)
                {
                    direct.Add((item.Job, line));
                    continue;
                }

                manifest ??= await BeginAsync(asked, direct, cancellationToken);
                await WriteAsync(manifest, line, cancellationToken);
            }

            if (number == 0)
            {
                throw new ItemRefusedException(ItemRefusedException.InvalidItem, "A batch has one item at least.");
            }

            if (errors.Count > 0)
            {
                throw new ItemsRefusedException(errors);
            }
        }
        catch when (manifest is not null)
        {
            await manifest.DisposeAsync();
            await manifests.RemoveAsync(asked.Id, CancellationToken.None);
            throw;
        }

        if (manifest is null)
        {
            return await submitter.SubmitAsync(asked, [.. direct.Select(item => item.Job)], cancellationToken);
        }

        await manifest.DisposeAsync();

        return await submitter.SubmitAsync(asked, new Listing(Folder: null, actions), cancellationToken);
    }

    /// <summary>Submits what a blob lists; its items are read by the queue.</summary>
    /// <exception cref="SourceRefusedException">The blob is missing or not allowed.</exception>
    public async Task<Batch> SubmitAsync(Batch asked, string manifest, JobActions? actions, CancellationToken cancellationToken)
    {
        var named = await manifests.CheckAsync(manifest, cancellationToken);

        return await submitter.SubmitAsync(asked, new Listing(Folder: null, actions) { Manifest = named }, cancellationToken);
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
        catch (ItemRefusedException refusal)
        {
            Add(errors, new ItemError(number, refusal.Code, refusal.Message));
        }
        catch (SourceRefusedException refusal)
        {
            Add(errors, new ItemError(number, refusal.Code, refusal.Message));
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

    private async Task<Stream> BeginAsync(
        Batch asked,
        List<(Job Job, ReadOnlyMemory<byte> Line)> direct,
        CancellationToken cancellationToken)
    {
        var manifest = await manifests.CreateAsync(asked.Id, cancellationToken);
        foreach (var (_, line) in direct)
        {
            await WriteAsync(manifest, line, cancellationToken);
        }

        direct.Clear();

        return manifest;
    }

    private static async Task WriteAsync(Stream manifest, ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        await manifest.WriteAsync(line, cancellationToken);
        await manifest.WriteAsync("\n"u8.ToArray(), cancellationToken);
    }
}
