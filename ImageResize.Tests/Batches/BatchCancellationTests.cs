using ImageResize.Core.Batches;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Messages;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.InMemory;

namespace ImageResize.Tests.Batches;

/// <summary>A canceled job stays canceled and a finished job stays finished, whatever workers do at that moment.</summary>
public sealed class BatchCancellationTests : IDisposable
{
    private readonly JobRig _rig = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_result_that_comes_after_the_cancellation_is_ignored()
    {
        AddImages(21);
        var batch = await _rig.SubmitFolderAsync();
        var slice = (await _rig.Store.FindSliceAsync(batch.Id, 0, Token))!;

        await _rig.Cancellation.StopAsync(batch.Id, Token);
        await _rig.Cancellation.EndAsync(batch.Id, TimeSpan.FromMinutes(1), Token);
        var late = await _rig.Store.AddResultsAsync(
            batch.Id,
            slice,
            slice.Jobs.Index().ToDictionary(job => job.Index, job => new JobResult(job.Item.Source, _rig.Clock.GetUtcNow())),
            Token);

        Assert.All(late.Values, result => Assert.True(result.IsCanceled));
        Assert.Equal(JobState.Canceled, (await _rig.FindAsync(batch, 0)).State);
    }

    [Fact]
    public async Task A_job_that_finishes_before_it_is_marked_as_canceled_stays_finished()
    {
        AddImages(21);

        // The last job of its slice, so that the fault stops no other job from starting.
        _rig.Sources["04.jpg"] = new IOException("The disk is unavailable.");
        var batch = await _rig.SubmitFolderAsync();
        await _rig.WorkAsync();

        await _rig.Cancellation.StopAsync(batch.Id, Token);
        Assert.Equal(JobState.Queued, (await _rig.FindAsync(batch, 4)).State);
        await _rig.Cancellation.EndAsync(batch.Id, TimeSpan.FromMinutes(1), Token);

        var status = await _rig.Batches.FindBatchAsync(batch.Id, Token);
        Assert.Equal((new JobCounts(20, 0, 1), BatchState.Canceled, true), (status!.Counts, status.State, status.IsOver));
        Assert.Equal(JobState.Canceled, (await _rig.FindAsync(batch, 4)).State);
        Assert.Equal(JobState.Succeeded, (await _rig.FindAsync(batch, 3)).State);
    }

    [Fact]
    public async Task The_message_of_a_canceled_slice_runs_no_job_and_ends_the_slice()
    {
        AddImages(21);
        var batch = await _rig.SubmitFolderAsync();

        await _rig.Cancellation.StopAsync(batch.Id, Token);
        await _rig.WorkAsync();

        Assert.Empty(_rig.Sources.Opened);
        Assert.Equal(new JobCounts(0, 0, 21), (await _rig.Batches.FindBatchAsync(batch.Id, Token))!.Counts);
    }

    [Fact]
    public async Task No_further_job_starts_when_a_running_slice_is_canceled()
    {
        AddImages(21);
        var batch = await _rig.SubmitFolderAsync();
        _rig.Sources.Opening = async source =>
        {
            if (source == "01.jpg")
            {
                _rig.Clock.Advance(TimeSpan.FromSeconds(3));
                await _rig.Cancellation.StopAsync(batch.Id, Token);
            }
        };

        // A suspect slice is processed one image at a time.
        await _rig.Work.ProcessAsync(MessageText.Encode(new SliceMessage(batch.Id, 0) { IsSuspect = true }), dequeueCount: 1, Token);
        await _rig.WorkAsync();

        Assert.Equal(["00.jpg", "01.jpg"], _rig.Sources.Opened.Keys.Order());
        Assert.Equal(new JobCounts(2, 0, 19), (await _rig.Batches.FindBatchAsync(batch.Id, Token))!.Counts);
    }

    [Fact]
    public async Task A_retry_has_the_name_and_callback_of_the_first_batch()
    {
        var asked = _rig.Submitter.NewBatch() with { Name = "spring", Callback = "https://receiver.example/" };
        Job[] jobs = [new Job("missing.jpg".ToSource(), JobRig.Thumbnail), new Job("gone.jpg".ToSource(), JobRig.Thumbnail)];
        var first = await _rig.Submitter.SubmitAsync(asked, jobs, Token);
        await _rig.WorkAsync();

        var retried = (await _rig.Retry.RetryAsync(
            (await _rig.Batches.FindBatchAsync(first.Id, Token))!, RetryFilter.AllFailed, Token))!;

        var stored = (await _rig.Store.FindBatchAsync(retried.Id, Token))!;
        Assert.Equal((asked.Name, asked.Callback, first.Id.ToString()), (stored.Name, stored.Callback, stored.RetryOf));
    }

    [Fact]
    public async Task The_watch_completes_an_interrupted_cancellation()
    {
        AddImages(2_500);
        var (batch, _) = await _rig.Submitter.SubmitFolderAsync(_rig.Sources, "".ToSource(), JobActions.OnlyMeasure, Token);
        await _rig.Store.CancelAsync(batch.Id, Token);

        await _rig.Work.ProcessAsync(MessageText.Encode(new WatchMessage(batch.Id)), 1, Token);

        Assert.Equal(0, (await _rig.Store.FindBatchAsync(batch.Id, Token))!.Total);
        Assert.NotNull(await _rig.Store.FindEndAsync(batch.Id, Token));
    }

    [Fact]
    public async Task Many_failed_jobs_are_listed_for_a_retry_by_the_queue()
    {
        for (var i = 0; i < 2_300; i++)
        {
            _rig.Sources[$"{i:D4}.jpg"] = "no image"u8.ToArray();
        }

        _rig.Sources["1000.jpg"] = TestImages.Jpeg(30, 20);
        var (first, _) = await _rig.Submitter.SubmitFolderAsync(_rig.Sources, "".ToSource(), JobActions.OnlyMeasure, Token);
        await _rig.WorkAsync();

        var retried = (await _rig.Retry.RetryAsync(
            (await _rig.Batches.FindBatchAsync(first.Id, Token))!, RetryFilter.AllFailed, Token))!;
        await _rig.WorkAsync();

        Assert.Null(retried.Total);
        Assert.Equal(new JobCounts(0, 2_299), (await _rig.Batches.FindBatchAsync(retried.Id, Token))!.Counts);
        Assert.Equal(1, _rig.Sources.Opened["1000.jpg"]);
        Assert.All(_rig.Sources.Opened.Where(source => source.Key != "1000.jpg"), source => Assert.Equal(2, source.Value));
    }

    [Fact]
    public async Task The_only_image_of_a_folder_is_job_0_of_its_batch()
    {
        AddImages(1);
        var batch = await _rig.SubmitFolderAsync();
        await _rig.WorkAsync();

        Assert.Equal(JobState.Succeeded, (await _rig.FindAsync(batch, 0)).State);
        Assert.Equal(JobState.Unknown, (await _rig.FindAsync(batch)).State);
        Assert.Equal([new JobId(batch.Id, 0)], (await _rig.Batches.ListJobsAsync(batch, 0, null, Token)).Jobs.Select(job => job.Id));
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
