using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Jobs;

/// <summary>A canceled job stays canceled, a finished one finished, whoever is at work at that moment.</summary>
public sealed class CancelTests : IDisposable
{
    private readonly JobRig _rig = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task What_was_being_worked_on_and_comes_too_late_stays_canceled()
    {
        AddImages(21);
        var batch = await _rig.SubmitFolderAsync();
        var slice = (await _rig.Store.FindSliceAsync(batch.Id, 0, Token))!;

        await _rig.Canceler.StopAsync(batch.Id, Token);
        await _rig.Canceler.EndAsync(batch.Id, TimeSpan.FromMinutes(1), Token);
        var late = await _rig.Store.AddResultsAsync(
            batch.Id,
            slice,
            slice.Jobs.Index().ToDictionary(job => job.Index, job => new JobResult(job.Item.Source, _rig.Clock.GetUtcNow())),
            Token);

        Assert.All(late.Values, result => Assert.True(result.IsCanceled));
        Assert.Equal(JobState.Canceled, (await _rig.FindAsync(batch, 0)).State);
    }

    [Fact]
    public async Task What_is_finished_before_canceled_is_written_stays_finished()
    {
        AddImages(21);

        // The last of its slice: the fault keeps none of its neighbours from being begun.
        _rig.Sources["04.jpg"] = new IOException("The disk is away.");
        var batch = await _rig.SubmitFolderAsync();
        await _rig.WorkAsync();

        await _rig.Canceler.StopAsync(batch.Id, Token);
        Assert.Equal(JobState.Queued, (await _rig.FindAsync(batch, 4)).State);
        await _rig.Canceler.EndAsync(batch.Id, TimeSpan.FromMinutes(1), Token);

        var status = await _rig.Batches.FindAsync(batch.Id, Token);
        Assert.Equal((new JobCounts(20, 0, 1), BatchState.Canceled, true), (status!.Counts, status.State, status.IsOver));
        Assert.Equal(JobState.Canceled, (await _rig.FindAsync(batch, 4)).State);
        Assert.Equal(JobState.Succeeded, (await _rig.FindAsync(batch, 3)).State);
    }

    [Fact]
    public async Task A_message_of_a_canceled_slice_runs_nothing_and_ends_it()
    {
        AddImages(21);
        var batch = await _rig.SubmitFolderAsync();

        await _rig.Canceler.StopAsync(batch.Id, Token);
        await _rig.WorkAsync();

        Assert.Empty(_rig.Sources.Opened);
        Assert.Equal(new JobCounts(0, 0, 21), (await _rig.Batches.FindAsync(batch.Id, Token))!.Counts);
    }

    [Fact]
    public async Task Canceled_while_a_slow_slice_is_worked_on_nothing_more_of_it_is_begun()
    {
        AddImages(21);
        var batch = await _rig.SubmitFolderAsync();
        _rig.Sources.Opening = async source =>
        {
            if (source == "01.jpg")
            {
                _rig.Clock.Advance(TimeSpan.FromSeconds(3));
                await _rig.Canceler.StopAsync(batch.Id, Token);
            }
        };

        // Its round makes it one image at a time.
        await _rig.Work.ProcessAsync(new WorkMessage(WorkKind.Slice, batch.Id, Slice: 0, Round: 1).ToJson(), delivery: 1, Token);
        await _rig.WorkAsync();

        Assert.Equal(["00.jpg", "01.jpg"], _rig.Sources.Opened.Keys.Order());
        Assert.Equal(new JobCounts(2, 0, 19), (await _rig.Batches.FindAsync(batch.Id, Token))!.Counts);
    }

    [Fact]
    public async Task A_retried_batch_calls_back_where_the_first_one_did()
    {
        var asked = _rig.Submitter.NewBatch() with { Name = "spring", Callback = "https://receiver.example/" };
        var first = await _rig.Submitter.SubmitAsync(asked, [new Job("missing.jpg", JobRig.Thumbnail), new Job("gone.jpg", JobRig.Thumbnail)], Token);
        await _rig.WorkAsync();

        var retried = (await _rig.Retrier.RetryAsync((await _rig.Batches.FindAsync(first.Id, Token))!, Token))!;

        var stored = (await _rig.Store.FindBatchAsync(retried.Id, Token))!;
        Assert.Equal((asked.Name, asked.Callback, first.Id.ToString()), (stored.Name, stored.Callback, stored.RetryOf));
    }

    [Fact]
    public async Task The_watch_ends_what_whoever_canceled_left_behind()
    {
        AddImages(2_500);
        var (batch, _) = await _rig.Submitter.SubmitFolderAsync(_rig.Sources, "", JobActions.OnlyMeasure, Token);
        await _rig.Store.CancelAsync(batch.Id, Token);

        await _rig.Work.ProcessAsync(new WorkMessage(WorkKind.Watch, batch.Id).ToJson(), 1, Token);

        Assert.Equal(0, (await _rig.Store.FindBatchAsync(batch.Id, Token))!.Total);
        Assert.NotNull(await _rig.Store.FindEndAsync(batch.Id, Token));
    }

    [Fact]
    public async Task More_failed_jobs_than_one_request_stores_are_retried_by_the_queue()
    {
        for (var i = 0; i < 2_300; i++)
        {
            _rig.Sources[$"{i:D4}.jpg"] = "no image"u8.ToArray();
        }

        _rig.Sources["1000.jpg"] = TestImages.Jpeg(30, 20);
        var (first, _) = await _rig.Submitter.SubmitFolderAsync(_rig.Sources, "", JobActions.OnlyMeasure, Token);
        await _rig.WorkAsync();

        var retried = (await _rig.Retrier.RetryAsync((await _rig.Batches.FindAsync(first.Id, Token))!, Token))!;
        await _rig.WorkAsync();

        Assert.Null(retried.Total);
        Assert.Equal(new JobCounts(0, 2_299), (await _rig.Batches.FindAsync(retried.Id, Token))!.Counts);
        Assert.Equal(1, _rig.Sources.Opened["1000.jpg"]);
        Assert.All(_rig.Sources.Opened.Where(source => source.Key != "1000.jpg"), source => Assert.Equal(2, source.Value));
    }

    [Fact]
    public async Task The_only_image_of_a_folder_is_a_job_by_its_number()
    {
        AddImages(1);
        var batch = await _rig.SubmitFolderAsync();
        await _rig.WorkAsync();

        Assert.Equal(JobState.Succeeded, (await _rig.FindAsync(batch, 0)).State);
        Assert.Equal(JobState.Unknown, (await _rig.FindAsync(batch)).State);
        Assert.Equal([new JobId(batch.Id, 0)], (await _rig.Batches.ListAsync(batch, 0, null, Token)).Jobs.Select(job => job.Id));
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
