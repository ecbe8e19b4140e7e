using ImageResize.Core.Batches;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Errors;
using ImageResize.Core.Jobs;
using ImageResize.Core.Messages;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.InMemory;

namespace ImageResize.Tests.Batches;

public sealed class ListHandlerTests : IDisposable
{
    private readonly JobRig _rig = new(new BatchOptions { MaxFolderImages = 20_000 });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_large_folder_is_listed_by_the_queue()
    {
        AddImages(10_150);

        var (batch, images) = await _rig.Submitter.SubmitFolderAsync(_rig.Sources, "".ToSource(), JobActions.OnlyMeasure, Token);
        Assert.Equal(10_150, images);
        Assert.Equal([typeof(WatchMessage), typeof(ListMessage)], _rig.Queue.Sent.Select(message => message.GetType()));

        await _rig.Work.ProcessAsync(MessageText.Encode(new ListMessage(batch.Id)), 1, Token);

        Assert.Equal(10_150, (await _rig.Store.FindBatchAsync(batch.Id, Token))!.Total);
        Assert.Equal(Enumerable.Range(0, 10_150).Select(i => $"{i:D5}.jpg"), await JobsOfAsync(batch));
    }

    [Fact]
    public async Task A_list_message_that_is_delivered_several_times_lists_each_image_once()
    {
        AddImages(19_000);
        var (batch, _) = await _rig.Submitter.SubmitFolderAsync(_rig.Sources, "".ToSource(), JobActions.OnlyMeasure, Token);
        var message = MessageText.Encode(new ListMessage(batch.Id));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => _rig.Work.ProcessAsync(message, 1, Token))));
        await _rig.Work.ProcessAsync(message, 2, Token);

        Assert.Equal(Enumerable.Range(0, 19_000).Select(i => $"{i:D5}.jpg"), await JobsOfAsync(batch));
    }

    [Fact]
    public async Task A_listing_that_exceeds_its_time_budget_continues_in_another_message()
    {
        using var rig = new JobRig(new BatchOptions { SliceBudgetSeconds = -1 });
        AddImages(19_000, rig);
        var (batch, _) = await rig.Submitter.SubmitFolderAsync(rig.Sources, "".ToSource(), JobActions.OnlyMeasure, Token);

        foreach (var listed in new[] { 9_000, 18_000, 19_000 })
        {
            await rig.Work.ProcessAsync(MessageText.Encode(new ListMessage(batch.Id)), 1, Token);

            Assert.Equal(listed, (await rig.Store.FindBatchAsync(batch.Id, Token))!.Listing!.Listed);
            Assert.IsType<ListMessage>(rig.Queue.Sent[^1]);
        }

        await rig.Work.ProcessAsync(MessageText.Encode(new ListMessage(batch.Id)), 1, Token);
        Assert.Equal(19_000, (await rig.Store.FindBatchAsync(batch.Id, Token))!.Total);
    }

    [Fact]
    public async Task Stored_slices_are_queued_although_the_program_stops()
    {
        AddImages(2_500);
        var (batch, _) = await _rig.Submitter.SubmitFolderAsync(_rig.Sources, "".ToSource(), JobActions.OnlyMeasure, Token);
        using var stopping = new CancellationTokenSource();
        _rig.Store.SlicesAdded = stopping.Cancel;

        await Record.ExceptionAsync(() => _rig.Work.ProcessAsync(MessageText.Encode(new ListMessage(batch.Id)), 1, stopping.Token));

        var slices = await _rig.Store.ListSlicesAsync(batch.Id, Token).CountAsync(Token);
        Assert.InRange(slices, 2, int.MaxValue);
        Assert.Equal(slices, _rig.Queue.Sent.OfType<SliceMessage>().Count());
    }

    [Fact]
    public async Task A_listing_whose_message_is_lost_is_queued_again_and_the_batch_ends()
    {
        AddImages(2_500);
        var (batch, _) = await _rig.Submitter.SubmitFolderAsync(_rig.Sources, "".ToSource(), JobActions.OnlyMeasure, Token);
        var received = await _rig.Queue.ReceiveAsync(10, TimeSpan.Zero, Token);
        var lost = received.Single(message => MessageText.Find(message.Text) is ListMessage);
        await _rig.Queue.DeleteAsync(lost, Token);

        await PassAsync(TimeSpan.FromMinutes(4));

        Assert.Equal(2_500, (await _rig.Store.FindBatchAsync(batch.Id, Token))!.Counts.Finished);
        Assert.NotNull(await _rig.Store.FindEndAsync(batch.Id, Token));
    }

    [Fact]
    public async Task A_worker_that_dies_between_rows_and_messages_loses_no_slice()
    {
        AddImages(2_500);
        var (batch, _) = await _rig.Submitter.SubmitFolderAsync(_rig.Sources, "".ToSource(), JobActions.OnlyMeasure, Token);
        await _rig.Work.ProcessAsync(MessageText.Encode(new ListMessage(batch.Id)), 1, Token);
        var received = await _rig.Queue.ReceiveAsync(100, TimeSpan.Zero, Token);
        foreach (var slice in received.Where(message => MessageText.Find(message.Text) is SliceMessage))
        {
            await _rig.Queue.DeleteAsync(slice, Token);
        }

        await PassAsync(TimeSpan.FromMinutes(4));

        Assert.Equal(2_500, (await _rig.Store.FindBatchAsync(batch.Id, Token))!.Counts.Finished);
        Assert.NotNull(await _rig.Store.FindEndAsync(batch.Id, Token));
    }

    [Trait("Abuse", "6")]
    [Fact]
    public async Task A_folder_of_too_many_images_is_refused()
    {
        AddImages(20_000);
        var (_, images) = await _rig.Submitter.SubmitFolderAsync(_rig.Sources, "".ToSource(), JobActions.OnlyMeasure, Token);
        Assert.Equal(20_000, images);
        var queued = _rig.Queue.Count;
        AddImages(20_001);

        var refusal = await Assert.ThrowsAsync<RefusedException>(
            () => _rig.Submitter.SubmitFolderAsync(_rig.Sources, "".ToSource(), JobActions.OnlyMeasure, Token));

        Assert.Equal(ErrorCode.SourceTooLarge.Name, refusal.Code.Name);
        Assert.Equal(queued, _rig.Queue.Count);
    }

    [Theory]
    [InlineData(2_000, 2_000, 2_000)]
    [InlineData(2_001, null, 2_001)]
    [InlineData(19_999, null, 19_999)]
    [InlineData(20_000, null, 20_000)]
    [InlineData(20_001, null, 20_001)]
    [InlineData(29_000, null, 20_001)]
    public async Task A_folder_that_is_slow_to_count_is_listed_up_to_the_limit_and_one_job_that_says_so(int count, int? counted, int total)
    {
        _rig.Sources.CountsQuickly = false;
        AddImages(count);

        var (batch, images) = await _rig.Submitter.SubmitFolderAsync(_rig.Sources, "".ToSource(), JobActions.OnlyMeasure, Token);
        Assert.Equal(counted, images);
        if (images is null)
        {
            Assert.Equal(BatchSubmitter.MaxDirectJobs + 1, _rig.Sources.Listed);
            await _rig.Work.ProcessAsync(MessageText.Encode(new ListMessage(batch.Id)), 1, Token);
        }

        Assert.Equal(total, (await _rig.Store.FindBatchAsync(batch.Id, Token))!.Total);
        Assert.Equal(Enumerable.Range(0, total).Select(i => $"{i:D5}.jpg"), await JobsOfAsync(batch));
        Assert.Equal(total > 20_000 ? 1 : 0, await RefusedAsync(batch));
    }

    [Fact]
    public async Task Long_names_are_added_in_transactions_within_the_limit()
    {
        string[] names = [.. Enumerable.Range(0, 9_000).Select(i => $"{i:D5}{new string('花', 1_000)}.jpg")];
        foreach (var name in names)
        {
            _rig.Sources[name] = Array.Empty<byte>();
        }

        var (batch, _) = await _rig.Submitter.SubmitFolderAsync(_rig.Sources, "".ToSource(), JobActions.OnlyMeasure, Token);
        await _rig.Work.ProcessAsync(MessageText.Encode(new ListMessage(batch.Id)), 1, Token);

        Assert.Equal(names, await JobsOfAsync(batch));
        Assert.InRange(_rig.Store.MaxBytesAdded, 1, 3_000_000);
    }

    [Fact]
    public async Task A_listing_that_is_given_up_keeps_the_jobs_listed_so_far()
    {
        AddImages(3_000);
        var (batch, _) = await _rig.Submitter.SubmitFolderAsync(_rig.Sources, "".ToSource(), JobActions.OnlyMeasure, Token);

        await _rig.Poison.GiveUpAsync(MessageText.Encode(new ListMessage(batch.Id)), Token);

        Assert.Equal(0, (await _rig.Store.FindBatchAsync(batch.Id, Token))!.Total);
    }

    private async Task PassAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += BatchSubmitter.FirstWatchDelay)
        {
            _rig.Clock.Advance(BatchSubmitter.FirstWatchDelay);
            await _rig.WorkAsync();
        }
    }

    private async Task<List<string>> JobsOfAsync(Batch batch)
    {
        var sources = new List<string>();
        await foreach (var progress in _rig.Store.ListSlicesAsync(batch.Id, Token))
        {
            var slice = (await _rig.Store.FindSliceAsync(batch.Id, progress.Number, Token))!;
            Assert.Equal(sources.Count, slice.First);
            sources.AddRange(slice.Jobs.Select(job => job.Source.Unredacted));
        }

        return sources;
    }

    private async Task<int> RefusedAsync(Batch batch)
    {
        var last = await _rig.Store.ListSlicesAsync(batch.Id, Token).LastAsync(Token);
        var slice = (await _rig.Store.FindSliceAsync(batch.Id, last.Number, Token))!;

        return slice.Jobs.Count(job => job.Refusal?.Code == ErrorCode.TooManyItems.Name);
    }

    private void AddImages(int count, JobRig? rig = null)
    {
        for (var i = 0; i < count; i++)
        {
            (rig ?? _rig).Sources[$"{i:D5}.jpg"] = Array.Empty<byte>();
        }
    }
}
