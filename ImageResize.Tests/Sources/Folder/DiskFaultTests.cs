using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Folder;
using ImageResize.Core.Sources.Thumbnails;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Sources.Folder;

/// <summary>
/// A thumbnail that cannot be written is a fault with a reason for callers, leaves no file, and can be written when the cause is gone.
/// </summary>
public sealed class DiskFaultTests : IDisposable
{
    private readonly TemporaryFolder _root = new();
    private readonly FolderThumbnails _thumbnails;

    public DiskFaultTests() => _thumbnails = new FolderThumbnails(SourcesOptions());

    public void Dispose() => _root.Dispose();

    [Trait("Abuse", "27")]
    [Fact]
    public async Task A_full_disk_is_a_fault()
    {
        await using var disk = await SmallDisk.MountAsync(_root["resized"]);
        await PutAsync();
        var filler = disk.Fill();

        await AssertFaultAsync("The place for thumbnails is full.");

        File.Delete(filler);
        await PutAsync();
    }

    [Trait("Abuse", "27")]
    [Fact]
    public async Task A_disk_without_inodes_is_a_fault()
    {
        // The root, the filler, .unfinished and one more.
        await using var disk = await SmallDisk.MountAsync(_root["resized"], "size=1m,nr_inodes=4");
        Directory.CreateDirectory(_root["resized/.unfinished"]);
        await File.WriteAllTextAsync(_root["resized/last"], "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_root["resized/taken"], "", TestContext.Current.CancellationToken);

        await AssertFaultAsync("The place for thumbnails is full.");

        File.Delete(_root["resized/last"]);
        await PutAsync();
    }

    [Trait("Abuse", "27")]
    [Fact]
    public async Task A_read_only_mount_is_a_fault()
    {
        await using var disk = await SmallDisk.MountAsync(_root["resized"]);
        await disk.MakeReadOnlyAsync();

        await AssertFaultAsync("The place for thumbnails is read-only.");

        await disk.MakeWritableAsync();
        await PutAsync();
    }

    [Trait("Abuse", "27")]
    [Fact]
    public async Task A_removed_folder_is_created_again()
    {
        await PutAsync();
        Directory.Delete(_root["resized"], recursive: true);

        await PutAsync();
    }

    [Fact]
    public void Old_unfinished_files_are_removed()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var old = _root.Write("resized/.unfinished/old", [1]);
        File.SetLastWriteTimeUtc(old, clock.GetUtcNow().UtcDateTime.AddHours(-2));
        var fresh = _root.Write("resized/.unfinished/fresh", [1]);

        new UnfinishedSweep(SourcesOptions(), clock, NullLogger<UnfinishedSweep>.Instance).Sweep();

        Assert.Equal([fresh], Directory.GetFiles(_root["resized/.unfinished"]));
    }

    [Fact]
    public void Sweeping_does_not_create_the_folder()
    {
        new UnfinishedSweep(SourcesOptions(), TimeProvider.System, NullLogger<UnfinishedSweep>.Instance).Sweep();

        Assert.Empty(Directory.GetFileSystemEntries(_root.Path));
    }

    private IOptions<SourcesOptions> SourcesOptions() => Options.Create(new SourcesOptions { ImagesRoot = _root.Path });

    private async Task AssertFaultAsync(string reason)
    {
        var fault = await Assert.ThrowsAsync<ThumbnailStoreException>(PutAsync);

        Assert.Equal(reason, fault.Message);
        Assert.False(File.Exists(_root["resized/a.jpg"]));
        Assert.True(!Directory.Exists(_root["resized/.unfinished"]) || Directory.GetFiles(_root["resized/.unfinished"]).Length == 0);
    }

    private const int Bytes = 20_000;

    private async Task PutAsync()
    {
        var place = "/ImageResize/images/resized/a.jpg".ToSource();
        await _thumbnails.PutAsync(place, new byte[Bytes], "image/jpeg", TestContext.Current.CancellationToken);
        File.Delete(_root["resized/a.jpg"]);
    }
}
