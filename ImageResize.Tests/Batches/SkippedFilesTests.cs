using ImageResize.Core.Batches;
using ImageResize.Core.Jobs;
using ImageResize.Core.Messages;
using ImageResize.Core.Sources;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.InMemory;

namespace ImageResize.Tests.Batches;

/// <summary>Batches count the files of folders that do not become jobs.</summary>
public sealed class SkippedFilesTests : IDisposable
{
    private readonly JobRig _rig = new(new BatchOptions { SliceBudgetSeconds = -1 });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Files_are_counted_by_reason_with_three_examples()
    {
        IReadOnlyList<SkippedFiles> skipped = [];
        foreach (var name in (string[])["a", "b", "c", "d"])
        {
            skipped = SkippedFiles.Add(skipped, name.ToSource(), SkipReason.UnknownExtension);
        }

        skipped = SkippedFiles.Add(skipped, ".e".ToSource(), SkipReason.Hidden);

        Assert.Equivalent(
            new[] { new SkippedFiles("unknown_extension", 4, ["a", "b", "c"]), new SkippedFiles("hidden", 1, [".e"]) },
            skipped,
            strict: true);
    }

    [Fact]
    public async Task A_small_folder_counts_its_skipped_files()
    {
        Add("a.jpg");
        Add("b.txt", SkipReason.UnknownExtension);

        var (batch, images) = await SubmitAsync();

        Assert.Equal(1, images);
        Assert.Equivalent(new[] { new SkippedFiles("unknown_extension", 1, ["b.txt"]) }, (await FindAsync(batch)).Skipped, strict: true);
    }

    /// <summary>Files before, between and after the images, in a listing that several messages continue.</summary>
    [Fact]
    public async Task A_large_folder_counts_each_skipped_file_once()
    {
        for (var i = 0; i < 19_000; i++)
        {
            Add($"{i:D5}.jpg");
            if (i % 100 == 0)
            {
                Add($"{i:D5}.txt", SkipReason.UnknownExtension);
            }
        }

        Add(".first", SkipReason.Hidden);
        Add("last", SkipReason.UnsupportedFormat);
        var (batch, _) = await SubmitAsync();

        for (var message = 0; (await FindAsync(batch)).Listing is not null; message++)
        {
            Assert.True(message < 10);
            await Task.WhenAll(ListAsync(batch), ListAsync(batch));
        }

        var listed = await FindAsync(batch);
        Assert.Equal(19_000, listed.Total);
        Assert.Equal(
            [("hidden", 1), ("unknown_extension", 190), ("unsupported_format", 1)],
            listed.Skipped.Select(files => (files.Reason, files.Count)));
    }

    [Fact]
    public async Task A_listing_that_is_given_up_keeps_the_files_skipped_so_far()
    {
        for (var i = 0; i < 9_100; i++)
        {
            Add($"{i:D5}.jpg");
        }

        Add("00000.txt", SkipReason.UnknownExtension);
        Add("99999.txt", SkipReason.UnknownExtension);
        var (batch, _) = await SubmitAsync();
        await ListAsync(batch);

        await _rig.Poison.GiveUpAsync(MessageText.Encode(new ListMessage(batch.Id)), Token);

        var listed = await FindAsync(batch);
        Assert.Equal((9_000, 1), (listed.Total, Assert.Single(listed.Skipped).Count));
    }

    private void Add(string name, SkipReason? reason = null)
    {
        _rig.Sources[name] = Array.Empty<byte>();
        if (reason is not null)
        {
            _rig.Sources.Skipped[name] = reason;
        }
    }

    private Task<(Batch Batch, int? Images)> SubmitAsync() =>
        _rig.Submitter.SubmitFolderAsync(_rig.Sources, "".ToSource(), JobActions.OnlyMeasure, Token);

    private Task ListAsync(Batch batch) =>
        Task.Run(() => _rig.Work.ProcessAsync(MessageText.Encode(new ListMessage(batch.Id)), 1, Token), Token);

    private async Task<Batch> FindAsync(Batch batch) => (await _rig.Store.FindBatchAsync(batch.Id, Token))!;
}
