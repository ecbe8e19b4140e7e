using System.Collections.Concurrent;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Jobs.Thumbnails;

namespace ImageResize.Tests.Support;

internal sealed class InMemoryThumbnails : IThumbnailStore
{
    public ConcurrentDictionary<string, Thumbnail> Stored { get; } = new();

    public bool Owns(string place) => true;

    public Task<Uri?> FindLinkAsync(string place, TimeSpan lifetime, CancellationToken cancellationToken) => Task.FromResult<Uri?>(null);

    public Task PutAsync(string place, Thumbnail thumbnail, CancellationToken cancellationToken)
    {
        Stored[place] = thumbnail;

        return Task.CompletedTask;
    }
}
