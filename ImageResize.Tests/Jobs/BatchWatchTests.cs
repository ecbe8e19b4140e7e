using ImageResize.Core.Jobs;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Jobs;

public sealed class BatchWatchTests : IDisposable
{
    private readonly JobRig _rig = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_batch_whose_slices_are_done_ends()
    {
        AddImages(30);
        var batch = await _rig.SubmitFolderAsync();
        await _rig.WorkAsync();

        _rig.Clock.Advance(BatchWatch.FirstDelay);
        await _rig.WorkAsync();

        Assert.Equal(new JobCounts(30, 0), (await _rig.Store.FindBatchAsync(batch.Id, Token))!.Counts);
        Assert.False(await _rig.Store.TryEndAsync(batch.Id, Token));
        Assert.Equal(0, _rig.Queue.Count);
    }

    [Fact]
    public async Task A_batch_of_one_without_a_callback_has_no_watch()
    {
        _rig.Sources["cat.jpg"] = TestImages.Jpeg(40, 30);
        await _rig.SubmitAsync("cat.jpg");

        Assert.Equal([WorkKind.Slice], _rig.Queue.Put.Select(message => message.Kind));
    }

    [Fact]
    public async Task A_folder_without_images_ends_too()
    {
        var batch = await _rig.SubmitFolderAsync();

        _rig.Clock.Advance(BatchWatch.FirstDelay);
        await _rig.WorkAsync();

        Assert.False(await _rig.Store.TryEndAsync(batch.Id, Token));
    }

    [Fact]
    public async Task A_slice_whose_message_is_lost_is_put_again_when_nothing_moves_for_a_lease()
    {
        AddImages(30);
        var batch = await _rig.SubmitFolderAsync();
        await LoseAsync(slice: 4);
        await _rig.WorkAsync();

        await PassAsync(TimeSpan.FromMinutes(3));

        Assert.Equal(JobState.Succeeded, (await _rig.FindAsync(batch, 22)).State);
        Assert.False(await _rig.Store.TryEndAsync(batch.Id, Token));
        Assert.Single(_rig.Queue.Put, message => message is { Kind: WorkKind.Slice, Slice: 4, Round: 1 });
    }

    [Fact]
    public async Task A_slice_that_merely_waits_is_put_again_ever_more_seldom()
    {
        AddImages(21);
        var batch = await _rig.SubmitFolderAsync();
        var watch = new WorkMessage(WorkKind.Watch, batch.Id).ToJson();

        // Ten hours in which only the watch comes by, once a minute: a backlog of others.
        for (var minute = 0; minute < 600; minute++)
        {
            _rig.Clock.Advance(TimeSpan.FromMinutes(1));
            await _rig.Work.ProcessAsync(watch, 1, Token);
        }

        Assert.InRange(_rig.Queue.Put.Count(message => message is { Kind: WorkKind.Slice, Slice: 0 }), 2, 11);
    }

    [Fact]
    public async Task A_watch_that_fails_too_often_goes_on_all_the_same()
    {
        AddImages(21);
        var batch = await _rig.SubmitFolderAsync();
        var before = _rig.Queue.Count;

        await _rig.Work.GiveUpAsync(new WorkMessage(WorkKind.Watch, batch.Id, Round: 4).ToJson(), Token);

        Assert.Equal(before + 1, _rig.Queue.Count);
    }

    [Fact]
    public async Task A_watch_that_comes_before_its_batch_waits_a_minute_for_it()
    {
        var batch = _rig.Submitter.NewBatch();
        await _rig.Queue.PutAsync(new WorkMessage(WorkKind.Watch, batch.Id), BatchWatch.FirstDelay, Token);

        await PassAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(1, _rig.Queue.Count);

        await PassAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(0, _rig.Queue.Count);
    }

    [Fact]
    public async Task A_batch_whose_rows_come_after_its_watch_ends()
    {
        AddImages(21);
        var batch = _rig.Submitter.NewBatch();
        await _rig.Work.ProcessAsync(new WorkMessage(WorkKind.Watch, batch.Id).ToJson(), 1, Token);
        await _rig.Store.AddAsync(batch with { Total = 1 }, [new Slice(0, 0, [new Job("00.jpg", JobRig.Thumbnail)])], Token);

        await PassAsync(TimeSpan.FromMinutes(4));

        Assert.Equal(new JobCounts(1, 0), (await _rig.Store.FindBatchAsync(batch.Id, Token))!.Counts);
        Assert.NotNull(await _rig.Store.FindEndAsync(batch.Id, Token));
    }

    private async Task PassAsync(TimeSpan time)
    {
        for (var waited = TimeSpan.Zero; waited < time; waited += BatchWatch.FirstDelay)
        {
            _rig.Clock.Advance(BatchWatch.FirstDelay);
            await _rig.WorkAsync();
        }
    }

    private async Task LoseAsync(int slice)
    {
        var taken = await _rig.Queue.ReceiveAsync(100, TimeSpan.Zero, Token);
        var lost = taken.Single(delivery => WorkMessage.Find(delivery.FindBody()) is { Kind: WorkKind.Slice } message && message.Slice == slice);
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
