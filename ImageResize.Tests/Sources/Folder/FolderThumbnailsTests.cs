using ImageResize.Core.Errors;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Folder;
using ImageResize.Core.Sources.Thumbnails;
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

    /// <summary>The folder is replaced repeatedly while thumbnails are written to it.</summary>
    [Trait("Abuse", "3")]
    [Fact]
    public async Task A_folder_swapped_for_a_link_while_writing_never_leads_outside()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "NOT RUN: only Linux reports the path of an open folder.");
        using var done = new CancellationTokenSource();
        var swapping = Task.Run(
            () =>
            {
                while (!done.IsCancellationRequested)
                {
                    FolderSwap.Replace(_root["resized/sub"], _outside.Path, _root[Guid.NewGuid().ToString()]);
                }
            },
            TestContext.Current.CancellationToken);

        int written = 0, refused = 0;
        for (var i = 0; i < 2_000 || ((written == 0 || refused == 0) && i < 100_000); i++)
        {
            try
            {
                await PutAsync("/ImageResize/images/resized/sub/c.jpg", [1]);
                written++;
            }
            catch (RefusedException refusal)
            {
                Assert.Equal(ErrorCode.SourceNotAllowed, refusal.Code);
                refused++;
            }
            catch (ThumbnailStoreException)
            {
                // The folder has gone while the file was moved into it.
            }
        }

        await done.CancelAsync();
        await swapping;
        Assert.Empty(Directory.GetFileSystemEntries(_outside.Path));
        Assert.True(written > 0 && refused > 0, $"{written} written, {refused} refused");
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
