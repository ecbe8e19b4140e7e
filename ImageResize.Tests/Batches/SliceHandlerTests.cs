using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Jobs;
using ImageResize.Core.Messages;
using ImageResize.Core.Sources;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.InMemory;

namespace ImageResize.Tests.Batches;

/// <summary>A job from its message to its result, and messages that arrive twice, late, or for jobs that no longer exist.</summary>
public sealed class SliceHandlerTests : IDisposable
{
    private readonly JobRig _rig = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_job_whose_server_is_busy_with_others_tries_again_later()
    {
        _rig.Sources["a.jpg"] = new SourceBusyException();
        var batch = await _rig.SubmitAsync("a.jpg");

        Assert.Equal(0, await _rig.WorkAsync());
        Assert.Equal((JobState.Queued, 1), ((await _rig.FindAsync(batch)).State, _rig.Queue.Count));
        _rig.Sources["a.jpg"] = TestImages.Jpeg(40, 30);
        _rig.Clock.Advance(TimeSpan.FromSeconds(10));
        await _rig.WorkAsync();

        Assert.Equal((JobState.Succeeded, 0), ((await _rig.FindAsync(batch)).State, _rig.Queue.Count));
    }

    [Fact]
    public async Task A_large_photo_becomes_a_thumbnail_inside_the_box()
    {
        _rig.Sources["/ImageResize/images/cat.jpg"] = TestImages.Jpeg(width: 400, height: 300);
        var batch = await _rig.SubmitAsync("/ImageResize/images/cat.jpg");

        await _rig.WorkAsync();

        var thumbnail = Assert.Single((await _rig.FindAsync(batch)).Result!.Thumbnails!);
        Assert.Equal(
            (100, 75, "/ImageResize/images/resized/cat_resized.jpg"), (thumbnail.Width, thumbnail.Height, thumbnail.Source.Unredacted));
        Assert.Equal(thumbnail.Bytes, _rig.Thumbnails.Stored[thumbnail.Source].Length);
    }

    [Fact]
    public async Task A_photo_is_measured()
    {
        _rig.Sources["/ImageResize/images/cat.jpg"] = TestImages.Jpeg(width: 400, height: 300);
        var batch = await _rig.SubmitAsync("/ImageResize/images/cat.jpg", JobActions.OnlyMeasure);

        await _rig.WorkAsync();

        var status = await _rig.FindAsync(batch);
        Assert.Equal(new ImageSize(400, 300, 1, ImageFormat.Jpeg), status.Result!.Size);
        Assert.Equal(JobState.Succeeded, status.State);
    }

    [Fact]
    public async Task A_refusal_is_a_result_and_is_not_retried()
    {
        _rig.Sources["text.jpg"] = "not an image"u8.ToArray();
        var broken = await _rig.SubmitAsync("text.jpg");
        var missing = await _rig.SubmitAsync("missing.jpg");

        await _rig.WorkAsync();

        Assert.Equal(ErrorCode.NotAnImage.Name, (await _rig.FindAsync(broken)).Result!.Error!.Code);
        Assert.Equal(ErrorCode.SourceNotFound.Name, (await _rig.FindAsync(missing)).Result!.Error!.Code);
        Assert.Equal(0, _rig.Queue.Count);
    }

    [Fact]
    public async Task After_a_fault_finished_jobs_are_kept_and_the_rest_is_redelivered()
    {
        AddImages(21);
        _rig.Sources["03.jpg"] = new IOException("The disk is unavailable.");
        var batch = await _rig.SubmitFolderAsync();

        var failed = await _rig.WorkAsync();
        Assert.Equal(1, failed);
        Assert.Equal(JobState.Queued, (await _rig.FindAsync(batch, 3)).State);

        _rig.Sources["03.jpg"] = TestImages.Jpeg(30, 20);
        _rig.Clock.Advance(TimeSpan.FromSeconds(60));
        await _rig.WorkAsync();

        Assert.Equal(JobState.Succeeded, (await _rig.FindAsync(batch, 3)).State);
        Assert.Equal(2, _rig.Sources.Opened["03.jpg"]);
    }

    [Fact]
    public async Task A_slice_that_exceeds_its_time_budget_keeps_finished_jobs_and_continues_in_another_message()
    {
        AddImages(500);
        var batch = await _rig.SubmitFolderAsync();
        _rig.Sources.Opening = _ =>
        {
            _rig.Clock.Advance(_rig.Queue.Sent[^1] is SliceMessage { IsContinuation: true } ? TimeSpan.Zero : TimeSpan.FromSeconds(61));
            return Task.CompletedTask;
        };

        await _rig.WorkAsync();

        Assert.Contains(_rig.Queue.Sent, message => message is SliceMessage { IsContinuation: true, IsSuspect: false });
        Assert.Equal(new JobCounts(500, 0), (await _rig.Batches.FindBatchAsync(batch.Id, Token))!.Counts);
        Assert.All(_rig.Sources.Opened.Values, times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task In_a_redelivered_slice_a_job_that_always_faults_does_not_fail_the_others()
    {
        AddImages(21);
        _rig.Sources["01.jpg"] = new IOException("The disk is unavailable.");
        var batch = await _rig.SubmitFolderAsync();
        var slice = MessageText.Encode(new SliceMessage(batch.Id, 0));

        await Assert.ThrowsAsync<IOException>(() => _rig.Work.ProcessAsync(slice, dequeueCount: 2, Token));

        Assert.Equal(
            [JobState.Succeeded, JobState.Queued, JobState.Succeeded, JobState.Succeeded, JobState.Succeeded],
            await Task.WhenAll(Enumerable.Range(0, 5).Select(async number => (await _rig.FindAsync(batch, number)).State)));
    }

    [Fact]
    public async Task Each_result_of_a_suspect_slice_is_stored_before_the_next_job_starts()
    {
        AddImages(21);
        var batch = await _rig.SubmitFolderAsync();
        JobState? first = null;
        _rig.Sources.Opening = async source => first ??= source == "01.jpg" ? (await _rig.FindAsync(batch, 0)).State : null;

        await _rig.Work.ProcessAsync(MessageText.Encode(new SliceMessage(batch.Id, 0) { IsSuspect = true }), dequeueCount: 1, Token);

        Assert.Equal(JobState.Succeeded, first);
    }

    [Fact]
    public async Task Retried_jobs_are_suspect()
    {
        _rig.Sources["text.jpg"] = "not an image"u8.ToArray();
        var failed = await _rig.SubmitAsync("text.jpg");
        await _rig.WorkAsync();

        var retry = _rig.Submitter.NewBatch() with { RetryOf = failed.Id.ToString() };
        await _rig.Submitter.SubmitAsync(retry, [new Job("text.jpg".ToSource(), JobRig.Thumbnail)], Token);

        Assert.True(_rig.Queue.Sent.OfType<SliceMessage>().Last().IsSuspect);
    }

    [Fact]
    public async Task A_message_that_is_delivered_twice_is_processed_once()
    {
        AddImages(30);
        var batch = await _rig.SubmitFolderAsync();
        foreach (var message in _rig.Queue.Sent.Where(message => message is SliceMessage).ToList())
        {
            await _rig.Queue.SendAsync(message, TimeSpan.FromSeconds(1), Token);
        }

        await _rig.WorkAsync();
        var first = await _rig.FindAsync(batch, 17);
        _rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await _rig.WorkAsync();

        Assert.All(_rig.Sources.Opened.Values, times => Assert.Equal(1, times));
        Assert.Equivalent(first, await _rig.FindAsync(batch, 17), strict: true);
    }

    [Fact]
    public async Task Two_workers_on_the_same_message_leave_one_result()
    {
        AddImages(25);
        var batch = await _rig.SubmitFolderAsync();
        var messages = _rig.Queue.Sent.Where(message => message is SliceMessage).Select(message => MessageText.Encode(message)).ToList();

        await Task.WhenAll(messages.Concat(messages).Select(message => _rig.Work.ProcessAsync(message, 1, Token)));

        var slices = await _rig.Store.ListSlicesAsync(batch.Id, Token).ToListAsync(Token);
        Assert.All(slices, slice => Assert.Equal((true, new JobCounts(5, 0)), (slice.IsDone, slice.Counts)));
    }

    [Fact]
    public async Task A_late_message_of_an_expired_batch_does_nothing()
    {
        _rig.Sources["/ImageResize/images/cat.jpg"] = TestImages.Jpeg(40, 30);
        var batch = await _rig.SubmitAsync("/ImageResize/images/cat.jpg");
        _rig.Clock.Advance(TimeSpan.FromDays(8));
        await _rig.Cleanup.DropExpiredAsync(Token);

        await _rig.WorkAsync();

        Assert.Empty(_rig.Sources.Opened);
        Assert.Equal(JobState.Expired, (await _rig.FindAsync(batch)).State);
    }

    [Fact]
    public async Task A_message_that_is_given_up_fails_the_jobs_without_a_result()
    {
        AddImages(25);
        _rig.Sources["02.jpg"] = new IOException("The disk is unavailable.");
        var batch = await _rig.SubmitFolderAsync();
        await _rig.WorkAsync();

        var message = new SliceMessage(batch.Id, 0);
        await _rig.Poison.GiveUpAsync(MessageText.Encode(message), Token);

        Assert.Equal(ErrorCode.GaveUp.Name, (await _rig.FindAsync(batch, 2)).Result!.Error!.Code);
        Assert.Equal(JobState.Succeeded, (await _rig.FindAsync(batch, 1)).State);
    }

    [Fact]
    public async Task No_result_is_lost_when_storage_fails_while_results_are_written()
    {
        _rig.Sources["/ImageResize/images/cat.jpg"] = TestImages.Jpeg(40, 30);
        var batch = await _rig.SubmitAsync("/ImageResize/images/cat.jpg");
        _rig.Store.NextFault = new IOException("The connection to storage failed.");

        Assert.Equal(1, await _rig.WorkAsync());
        _rig.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(0, await _rig.WorkAsync());

        Assert.Equal(JobState.Succeeded, (await _rig.FindAsync(batch)).State);
    }

    [Fact]
    [Trait("Abuse", "22")]
    public async Task A_message_for_an_unknown_batch_or_slice_changes_no_other()
    {
        _rig.Sources["/ImageResize/images/cat.jpg"] = TestImages.Jpeg(40, 30);
        var batch = await _rig.SubmitAsync("/ImageResize/images/cat.jpg");

        await _rig.Work.ProcessAsync(MessageText.Encode(new SliceMessage(batch.Id, 7)), 1, Token);
        await _rig.Poison.GiveUpAsync(MessageText.Encode(new SliceMessage(_rig.Submitter.NewBatch().Id, 0)), Token);

        Assert.Equal(JobState.Queued, (await _rig.FindAsync(batch)).State);
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
