using ImageResize.Core.Batches;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Jobs;
using ImageResize.Core.Messages;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.InMemory;

namespace ImageResize.Tests.Batches;

public sealed class WatchHandlerTests : IDisposable
{
    private readonly JobRig _rig = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_batch_ends_when_its_slices_are_done()
    {
        AddImages(30);
        var batch = await _rig.SubmitFolderAsync();
        await _rig.WorkAsync();

        _rig.Clock.Advance(BatchSubmitter.FirstWatchDelay);
        await _rig.WorkAsync();

        Assert.Equal(new JobCounts(30, 0), (await _rig.Store.FindBatchAsync(batch.Id, Token))!.Counts);
        Assert.False(await _rig.Store.TryEndAsync(batch.Id, Token));
        Assert.Equal(0, _rig.Queue.Count);
    }

    [Fact]
    public async Task A_single_job_without_a_callback_is_not_watched()
    {
        _rig.Sources["cat.jpg"] = TestImages.Jpeg(40, 30);
        await _rig.SubmitAsync("cat.jpg");

        Assert.Equal([typeof(SliceMessage)], _rig.Queue.Sent.Select(message => message.GetType()));
    }

    [Fact]
    public async Task The_batch_of_an_empty_folder_ends()
    {
        var batch = await _rig.SubmitFolderAsync();

        _rig.Clock.Advance(BatchSubmitter.FirstWatchDelay);
        await _rig.WorkAsync();

        Assert.False(await _rig.Store.TryEndAsync(batch.Id, Token));
    }

    [Fact]
    public async Task A_slice_whose_message_is_lost_is_queued_again_after_an_idle_lease()
    {
        AddImages(30);
        var batch = await _rig.SubmitFolderAsync();
        await LoseAsync(slice: 4);
        await _rig.WorkAsync();

        await PassAsync(TimeSpan.FromMinutes(3));

        Assert.Equal(JobState.Succeeded, (await _rig.FindAsync(batch, 22)).State);
        Assert.False(await _rig.Store.TryEndAsync(batch.Id, Token));
        Assert.Single(_rig.Queue.Sent, message => message is SliceMessage { Slice: 4, IsSuspect: true });
    }

    [Fact]
    public async Task A_slice_that_only_waits_is_queued_again_less_and_less_often()
    {
        AddImages(21);
        var batch = await _rig.SubmitFolderAsync();
        var watch = MessageText.Encode(new WatchMessage(batch.Id));

        // Ten hours in which only the watch message is processed, once a minute, because other callers' work is queued before the slice.
        for (var minute = 0; minute < 600; minute++)
        {
            _rig.Clock.Advance(TimeSpan.FromMinutes(1));
            await _rig.Work.ProcessAsync(watch, 1, Token);
        }

        Assert.InRange(_rig.Queue.Sent.Count(message => message is SliceMessage { Slice: 0 }), 2, 11);
    }

    [Fact]
    public async Task A_watch_message_that_is_given_up_is_sent_again()
    {
        AddImages(21);
        var batch = await _rig.SubmitFolderAsync();
        var before = _rig.Queue.Count;

        await _rig.Poison.GiveUpAsync(MessageText.Encode(new WatchMessage(batch.Id) { Round = 4 }), Token);

        Assert.Equal(before + 1, _rig.Queue.Count);
    }

    [Fact]
    public async Task A_watch_waits_a_minute_for_the_rows_of_its_batch()
    {
        var batch = _rig.Submitter.NewBatch();
        await _rig.Queue.SendAsync(new WatchMessage(batch.Id), BatchSubmitter.FirstWatchDelay, Token);

        await PassAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(1, _rig.Queue.Count);

        await PassAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(0, _rig.Queue.Count);
    }

    [Fact]
    public async Task A_batch_whose_rows_are_written_after_its_first_watch_message_ends()
    {
        AddImages(21);
        var batch = _rig.Submitter.NewBatch();
        await _rig.Work.ProcessAsync(MessageText.Encode(new WatchMessage(batch.Id)), 1, Token);
        await _rig.Store.AddAsync(batch with { Total = 1 }, [new Slice(0, 0, [new Job("00.jpg".ToSource(), JobRig.Thumbnail)])], Token);

        await PassAsync(TimeSpan.FromMinutes(4));

        Assert.Equal(new JobCounts(1, 0), (await _rig.Store.FindBatchAsync(batch.Id, Token))!.Counts);
        Assert.NotNull(await _rig.Store.FindEndAsync(batch.Id, Token));
    }

    private async Task PassAsync(TimeSpan time)
    {
        for (var waited = TimeSpan.Zero; waited < time; waited += BatchSubmitter.FirstWatchDelay)
        {
            _rig.Clock.Advance(BatchSubmitter.FirstWatchDelay);
            await _rig.WorkAsync();
        }
    }

    private async Task LoseAsync(int slice)
    {
        var taken = await _rig.Queue.ReceiveAsync(100, TimeSpan.Zero, Token);
        var lost = taken.Single(delivery => MessageText.Find(delivery.Text) is SliceMessage message && message.Slice == slice);
        await _rig.Queue.DeleteAsync(lost, Token);
    }

    private void AddImages(int count)
    {
        var image = TestImages.Jpeg(30, 20);
        for (var i = 0; i < count; i++)
        {
            _rig.Sources[$"{i:D2}.jpg"] = image;
        }
    }
}
