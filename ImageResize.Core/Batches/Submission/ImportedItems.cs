using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Quotas;

namespace ImageResize.Core.Batches.Submission;

/// <summary>The items of a batch that is being imported: kept in memory while they are few, otherwise written to a manifest.</summary>
internal sealed class ImportedItems(BatchId id, IManifestStore manifests)
{
    /// <summary>The usual item has 100 bytes, the longest 32 KiB.</summary>
    private const int MaxKeptBytes = 4 * 1024 * 1024;

    private readonly List<(Job Job, ReadOnlyMemory<byte> Line)> _kept = [];
    private Stream? _manifest;
    private long _keptBytes;

    public bool AreInManifest => _manifest is not null;

    /// <summary>The work of all items, as estimated.</summary>
    public Workload Work { get; private set; }

    /// <summary>The items in memory.</summary>
    public IReadOnlyList<Job> Jobs => [.. _kept.Select(item => item.Job)];

    public async Task AddAsync(Item item, ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        Work += BatchEstimate.Of(item);
        _keptBytes += line.Length;
        if (_manifest is null && !item.IsFolder && _kept.Count < BatchSubmitter.MaxDirectJobs && _keptBytes <= MaxKeptBytes)
        {
            _kept.Add((item.Job, line));
            return;
        }

        if (_manifest is null)
        {
            _manifest = await manifests.CreateAsync(id, cancellationToken);
            foreach (var (_, before) in _kept)
            {
                await WriteAsync(_manifest, before, cancellationToken);
            }

            _kept.Clear();
        }

        await WriteAsync(_manifest, line, cancellationToken);
    }

    /// <summary>Closes the manifest, if there is one. It can be read from then on.</summary>
    public ValueTask CompleteAsync() => _manifest?.DisposeAsync() ?? default;

    /// <summary>Deletes the manifest, if there is one.</summary>
    public async Task RemoveAsync()
    {
        if (_manifest is not null)
        {
            await _manifest.DisposeAsync();
            await manifests.RemoveAsync(id, CancellationToken.None);
        }
    }

    private static async Task WriteAsync(Stream manifest, ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        await manifest.WriteAsync(line, cancellationToken);
        await manifest.WriteAsync("\n"u8.ToArray(), cancellationToken);
    }
}
