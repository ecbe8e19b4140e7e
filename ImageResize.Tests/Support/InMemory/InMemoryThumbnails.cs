using System.Collections.Concurrent;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Thumbnails;

namespace ImageResize.Tests.Support.InMemory;

internal sealed class InMemoryThumbnails : IThumbnailStore
{
    public ConcurrentDictionary<SourceUri, ReadOnlyMemory<byte>> Stored { get; } = new();

    public bool CanHandle(SourceUri place) => true;

    public Task<int> RemoveCallersBeforeAsync(DateTimeOffset time, CancellationToken cancellationToken) => Task.FromResult(0);

    public Task<int> RemoveAddressesBeforeAsync(DateTimeOffset time, CancellationToken cancellationToken) => Task.FromResult(0);

    public Task<bool> TryAddAsync(SourceUri place, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        Task.FromResult(Stored.TryAdd(place, bytes));

    public Task<Uri?> FindLinkAsync(SourceUri place, TimeSpan lifetime, CancellationToken cancellationToken) => Task.FromResult<Uri?>(null);

    public Task RemoveCallersAsync(SourceUri place, CancellationToken cancellationToken)
    {
        Stored.Keys.Where(stored => stored.Unredacted.StartsWith(place.Unredacted, StringComparison.Ordinal)).ToList()
            .ForEach(stored => Stored.TryRemove(stored, out _));

        return Task.CompletedTask;
    }

    public Task<Stream> OpenAsync(SourceUri place, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(new MemoryStream(Stored[place].ToArray()));

    public Task PutAsync(SourceUri place, ReadOnlyMemory<byte> bytes, string contentType, CancellationToken cancellationToken)
    {
        Stored[place] = bytes;

        return Task.CompletedTask;
    }
}
