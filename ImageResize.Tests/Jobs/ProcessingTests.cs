using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Jobs;

/// <summary>The road of a job, and what happens when a message comes twice, late, or for work that is gone.</summary>
public sealed class ProcessingTests : IDisposable
{
    private readonly JobRig _rig = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_large_photo_becomes_a_thumbnail_inside_the_box()
    {
        _rig.Sources["/ImageResize/images/cat.jpg"] = TestImages.Jpeg(width: 400, height: 300);
        var batch = await _rig.SubmitAsync("/ImageResize/images/cat.jpg");

        await _rig.WorkAsync();

        var thumbnail = Assert.Single((await _rig.FindAsync(batch)).Result!.Thumbnails!);
        Assert.Equal((100, 75, "/ImageResize/images/resized/cat_resized.jpg"), (thumbnail.Width, thumbnail.Height, thumbnail.Source));
        Assert.Equal(thumbnail.Bytes, _rig.Thumbnails.Stored[thumbnail.Source].Bytes.Length);
    }

    [Fact]
    public async Task A_measured_photo_has_its_size()
    {
        _rig.Sources["/ImageResize/images/cat.jpg"] = TestImages.Jpeg(width: 400, height: 300);
        var batch = await _rig.SubmitAsync("/ImageResize/images/cat.jpg", JobActions.OnlyMeasure);

        await _rig.WorkAsync();

        var status = await _rig.FindAsync(batch);
        Assert.Equal(new ImageSize(400, 300, 1, ImageFormat.Jpeg), status.Result!.Size);
        Assert.Equal(JobState.Succeeded, status.State);
    }

    [Fact]
    public async Task A_refusal_is_a_result_and_not_tried_again()
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
    public async Task A_fault_sends_the_message_back_and_keeps_what_is_finished()
    {
        AddImages(21);
        _rig.Sources["03.jpg"] = new IOException("The disk is away.");
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
    public async Task A_slice_over_its_time_keeps_what_is_finished_and_its_message_is_put_again_for_the_rest()
    {
        AddImages(500);
        var batch = await _rig.SubmitFolderAsync();
        _rig.Sources.Opening = _ =>
        {
            _rig.Clock.Advance(_rig.Queue.Put[^1].GoesOn ? TimeSpan.Zero : TimeSpan.FromSeconds(61));
            return Task.CompletedTask;
        };

        await _rig.WorkAsync();

        Assert.Contains(_rig.Queue.Put, message => message is { GoesOn: true, Round: 0 });
        Assert.Equal(new JobCounts(500, 0), (await _rig.Batches.FindAsync(batch.Id, Token))!.Counts);
        Assert.All(_rig.Sources.Opened.Values, times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task In_a_slice_that_comes_back_a_job_that_always_fails_takes_no_neighbours_along()
    {
        AddImages(21);
        _rig.Sources["01.jpg"] = new IOException("The disk is away.");
        var batch = await _rig.SubmitFolderAsync();
        var slice = new WorkMessage(WorkKind.Slice, batch.Id, Slice: 0).ToJson();

        await Assert.ThrowsAsync<IOException>(() => _rig.Work.ProcessAsync(slice, delivery: 2, Token));

        Assert.Equal(
            [JobState.Succeeded, JobState.Queued, JobState.Succeeded, JobState.Succeeded, JobState.Succeeded],
            await Task.WhenAll(Enumerable.Range(0, 5).Select(async number => (await _rig.FindAsync(batch, number)).State)));
    }

    [Fact]
    public async Task Each_result_of_a_slice_that_comes_back_is_written_before_the_next_job_begins()
    {
        AddImages(21);
        var batch = await _rig.SubmitFolderAsync();
        JobState? first = null;
        _rig.Sources.Opening = async source => first ??= source == "01.jpg" ? (await _rig.FindAsync(batch, 0)).State : null;

        await _rig.Work.ProcessAsync(new WorkMessage(WorkKind.Slice, batch.Id, Slice: 0, Round: 1).ToJson(), delivery: 1, Token);

        Assert.Equal(JobState.Succeeded, first);
    }

    [Fact]
    public async Task What_failed_is_suspect_when_it_is_tried_again()
    {
        _rig.Sources["text.jpg"] = "not an image"u8.ToArray();
        var failed = await _rig.SubmitAsync("text.jpg");
        await _rig.WorkAsync();

        await _rig.Submitter.SubmitAsync(_rig.Submitter.NewBatch() with { RetryOf = failed.Id.ToString() }, [new Job("text.jpg", JobRig.Thumbnail)], Token);

        Assert.Equal(1, _rig.Queue.Put.Last(message => message.Kind == WorkKind.Slice).Round);
    }

    [Fact]
    public async Task The_same_message_twice_does_the_work_once()
    {
        AddImages(30);
        var batch = await _rig.SubmitFolderAsync();
        foreach (var message in _rig.Queue.Put.Where(message => message.Kind == WorkKind.Slice).ToList())
        {
            await _rig.Queue.PutAsync(message, TimeSpan.FromSeconds(1), Token);
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
        var messages = _rig.Queue.Put.Where(message => message.Kind == WorkKind.Slice).Select(message => message.ToJson().ToMemory()).ToList();

        await Task.WhenAll(messages.Concat(messages).Select(message => _rig.Work.ProcessAsync(message, 1, Token)));

        var slices = await _rig.Store.ListSlicesAsync(batch.Id, Token).ToListAsync(Token);
        Assert.All(slices, slice => Assert.Equal((true, new JobCounts(5, 0)), (slice.IsDone, slice.Counts)));
    }

    [Fact]
    public async Task A_late_message_of_a_dropped_day_does_nothing()
    {
        _rig.Sources["/ImageResize/images/cat.jpg"] = TestImages.Jpeg(40, 30);
        var batch = await _rig.SubmitAsync("/ImageResize/images/cat.jpg");
        _rig.Clock.Advance(TimeSpan.FromDays(8));
        await _rig.Retention.DropExpiredAsync(Token);

        await _rig.WorkAsync();

        Assert.Empty(_rig.Sources.Opened);
        Assert.Equal(JobState.Expired, (await _rig.FindAsync(batch)).State);
    }

    [Fact]
    public async Task A_message_given_up_fails_what_has_no_result_and_leaves_the_rest()
    {
        AddImages(25);
        _rig.Sources["02.jpg"] = new IOException("The disk is away.");
        var batch = await _rig.SubmitFolderAsync();
        await _rig.WorkAsync();

        var message = new WorkMessage(WorkKind.Slice, batch.Id, Slice: 0);
        await _rig.Work.GiveUpAsync(message.ToJson(), Token);

        Assert.Equal(ErrorCode.GaveUp.Name, (await _rig.FindAsync(batch, 2)).Result!.Error!.Code);
        Assert.Equal(JobState.Succeeded, (await _rig.FindAsync(batch, 1)).State);
    }

    [Fact]
    public async Task Storage_away_while_results_are_written_loses_nothing()
    {
        _rig.Sources["/ImageResize/images/cat.jpg"] = TestImages.Jpeg(40, 30);
        var batch = await _rig.SubmitAsync("/ImageResize/images/cat.jpg");
        _rig.Store.NextFault = new IOException("Storage is away.");

        Assert.Equal(1, await _rig.WorkAsync());
        _rig.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(0, await _rig.WorkAsync());

        Assert.Equal(JobState.Succeeded, (await _rig.FindAsync(batch)).State);
    }

    public static TheoryData<string> Strangers() =>
    [
        "", "plain text", "null", "[]", "{}", "{\"batch\":\"/etc/passwd\"}", "{\"do\":\"Slice\",\"batch\":\"../../x\",\"slice\":0}",
        "{\"do\":\"Drop\",\"batch\":\"01a21322-960f-70ac-8940-5b83b5ef6f5b\"}", "{\"version\":2,\"job\":\"1\",\"source\":\"/etc/passwd\",\"size\":1000000000}",
        "{\"do\":\"Slice\",\"batch\":\"01a21322-960f-70ac-8940-5b83b5ef6f5b\",\"slice\":-1}", new string('a', 64 * 1024), new string('[', 64 * 1024),
    ];

    [Trait("Abuse", "22")]
    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task A_message_that_is_not_ours_is_dropped_with_one_warning(string text)
    {
        await _rig.Work.ProcessAsync(System.Text.Encoding.UTF8.GetBytes(text), 1, Token);
        Assert.Matches("^A message of [0-9]+ bytes is none of ours and is dropped $", Assert.Single(_rig.Log.Lines));

        await _rig.Work.GiveUpAsync(System.Text.Encoding.UTF8.GetBytes(text), Token);

        Assert.Equal(0, _rig.Queue.Count);
    }

    [Trait("Abuse", "22")]
    [Fact]
    public async Task A_message_of_a_batch_or_slice_that_is_not_there_touches_no_other()
    {
        _rig.Sources["/ImageResize/images/cat.jpg"] = TestImages.Jpeg(40, 30);
        var batch = await _rig.SubmitAsync("/ImageResize/images/cat.jpg");

        await _rig.Work.ProcessAsync(new WorkMessage(WorkKind.Slice, batch.Id, Slice: 7).ToJson(), 1, Token);
        await _rig.Work.GiveUpAsync(new WorkMessage(WorkKind.Slice, _rig.Submitter.NewBatch().Id).ToJson(), Token);

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
