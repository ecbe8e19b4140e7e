using System.Collections.Concurrent;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Sources;

namespace ImageResize.Tests.Support.InMemory;

/// <param name="room">The maximum length of a manifest in bytes; null for no limit.</param>
internal sealed class InMemoryManifests(int? room = null) : IManifestStore
{
    private readonly ConcurrentDictionary<string, MemoryStream> _manifests = new();

    public int Count => _manifests.Count;

    public Task<Stream> CreateAsync(BatchId id, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(_manifests[id.ToString()] = room is null ? new MemoryStream() : new MemoryStream(new byte[room.Value]));

    public Task RemoveAsync(BatchId id, CancellationToken cancellationToken)
    {
        _manifests.TryRemove(id.ToString(), out _);

        return Task.CompletedTask;
    }

    public Task<Stream> OpenAsync(BatchId id, SourceUri? named, long offset, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(new MemoryStream(_manifests[named?.Unredacted ?? id.ToString()].ToArray()) { Position = offset });

    public Task<SourceUri> CheckAsync(SourceUri named, CancellationToken cancellationToken) => Task.FromResult(named);

    public Task<IReadOnlyList<DateOnly>> DropDaysBeforeAsync(DateOnly day, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DateOnly>>([]);
}
