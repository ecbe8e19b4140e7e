using ImageResize.Core.Retention;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Folder;
using ImageResize.Core.Sources.Thumbnails;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Web;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Sources.Folder;

/// <summary>Thumbnails of uploads and web images in the images folder expire, and no others.</summary>
public sealed class ThumbnailRetentionTests : IDisposable
{
    private readonly TemporaryFolder _root = new();
    private readonly TestLog<ThumbnailCleanup> _log = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData(0, "fresh.jpg", "kept.jpg")]
    [InlineData(2, "fresh.jpg")]
    [InlineData(-1, "fresh.jpg", "kept.jpg", "old.jpg")]
    public async Task Thumbnails_of_uploads_and_web_images_are_removed_after_their_retention(int days, params string[] remaining)
    {
        foreach (var folder in (string[])["resized/_callers/a1/uploads", "resized/_callers/b2/web/pictures.example"])
        {
            Write($"{folder}/old.jpg", daysAgo: 9);
            Write($"{folder}/kept.jpg", daysAgo: 6);
            Write($"{folder}/fresh.jpg", daysAgo: 1);
        }

        await CleanAsync(days);

        Assert.Equal(remaining, Names("resized/_callers/a1/uploads"));
        Assert.Equal(remaining, Names("resized/_callers/b2/web/pictures.example"));
    }

    [Fact]
    public async Task Thumbnails_of_files_are_kept()
    {
        Write("resized/a.jpg", daysAgo: 100);
        Write("resized/uploads/a.jpg", daysAgo: 100);
        Write("resized/web/uploads/a.jpg", daysAgo: 100);

        await CleanAsync(days: 0);

        Assert.Equal(3, Directory.GetFiles(_root["resized"], "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task Nothing_behind_a_link_is_removed()
    {
        Write("elsewhere/old.jpg", daysAgo: 100);
        Directory.CreateDirectory(_root["resized/_callers/a1"]);
        Directory.CreateSymbolicLink(_root["resized/_callers/a1/uploads"], _root["elsewhere"]);

        await CleanAsync(days: 0);

        Assert.Equal(["old.jpg"], Names("elsewhere"));
    }

    [Fact]
    public async Task A_missing_folder_is_not_created()
    {
        await CleanAsync(days: 0);

        Assert.Empty(Directory.GetFileSystemEntries(_root.Path));
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task Thumbnails_that_cannot_be_removed_are_reported()
    {
        using var elsewhere = new TemporaryFolder();
        Directory.CreateDirectory(_root["resized"]);
        Directory.CreateSymbolicLink(_root["resized/_callers"], elsewhere.Path);

        await CleanAsync(days: 0);

        Assert.Contains("could not be removed", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    private Task CleanAsync(int days)
    {
        var store = new FolderThumbnails(Options.Create(new SourcesOptions { ImagesRoot = _root.Path }));
        var retention = new RetentionPolicy(Options.Create(new RetentionOptions()), _clock);
        var options = Options.Create(new ThumbnailOptions { RetentionDays = days });

        return new ThumbnailCleanup([store], options, retention, _clock, _log).RemoveExpiredAsync(Token);
    }

    private void Write(string path, int daysAgo) =>
        File.SetLastWriteTimeUtc(_root.Write(path, [1]), _clock.GetUtcNow().UtcDateTime.AddDays(-daysAgo));

    private string[] Names(string folder) => [.. Directory.GetFiles(_root[folder]).Select(file => Path.GetFileName(file)!).Order()];
}
