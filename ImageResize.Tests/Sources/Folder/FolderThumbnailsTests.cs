using ImageResize.Core.Errors;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Folder;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Sources.Folder;

public sealed class FolderThumbnailsTests : IDisposable
{
    private readonly TemporaryFolder _root = new();
    private readonly TemporaryFolder _outside = new();
    private readonly FolderThumbnails _thumbnails;

    public FolderThumbnailsTests() => _thumbnails = new FolderThumbnails(Options.Create(new SourcesOptions { ImagesRoot = _root.Path }));

    public void Dispose()
    {
        _root.Dispose();
        _outside.Dispose();
    }

    [Fact]
    public async Task A_thumbnail_is_written_and_replaced()
    {
        await PutAsync("/ImageResize/images/resized/a/b/c.jpg", [1, 2]);
        await PutAsync("/ImageResize/images/resized/a/b/c.jpg", [3]);

        Assert.Equal([3], await File.ReadAllBytesAsync(_root["resized/a/b/c.jpg"], TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFiles(_root["resized/.unfinished"]));
    }

    [Fact]
    public async Task Every_read_beside_fifty_writers_is_a_whole_thumbnail()
    {
        var contents = Enumerable.Range(0, 50).Select(i => Enumerable.Repeat((byte)i, 20_000).ToArray()).ToArray();
        await PutAsync("/ImageResize/images/resized/c.jpg", contents[0]);

        var writers = contents.Select(content => Task.Run(() => PutAsync("/ImageResize/images/resized/c.jpg", content))).ToList();
        var readers = Enumerable.Range(0, 50).Select(_ => Task.Run(() => File.ReadAllBytes(_root["resized/c.jpg"]))).ToList();
        await Task.WhenAll(writers);

        Assert.All(await Task.WhenAll(readers), read => Assert.Equal(contents[read[0]], read));
        Assert.Empty(Directory.GetFiles(_root["resized/.unfinished"]));
    }

    [Fact]
    public async Task Nothing_is_written_through_a_link_to_outside()
    {
        Directory.CreateDirectory(_root["resized"]);
        Directory.CreateSymbolicLink(_root["resized/link"], _outside.Path);

        await Assert.ThrowsAsync<RefusedException>(() => PutAsync("/ImageResize/images/resized/link/new/c.jpg", [1]));

        Assert.Empty(Directory.GetFileSystemEntries(_outside.Path));
    }

    [Fact]
    public async Task A_failed_write_leaves_nothing()
    {
        Directory.CreateDirectory(_root["resized/c.jpg/in the way"]);

        await Assert.ThrowsAnyAsync<Exception>(() => PutAsync("/ImageResize/images/resized/c.jpg", [1]));

        Assert.Empty(Directory.GetFiles(_root["resized"], "*", SearchOption.AllDirectories));
    }

    private Task PutAsync(string place, byte[] bytes) =>
        _thumbnails.PutAsync(place.ToSource(), bytes, "image/jpeg", TestContext.Current.CancellationToken);
}
