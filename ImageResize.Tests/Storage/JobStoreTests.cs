using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Callbacks;

namespace ImageResize.Tests.Storage;

/// <summary>What every job store promises. Each store runs the same tests.</summary>
public abstract class JobStoreTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly JobActions Actions = new(false, [new WantedThumbnail(new ThumbnailSpec(100, 100), "_resized")]);

    internal abstract IJobStore Store { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_unknown_batch_slice_and_job_are_not_found()
    {
        var id = BatchId.New(Now);

        Assert.Null(await Store.FindBatchAsync(id, Token));
        Assert.Null(await Store.FindSliceAsync(id, 0, Token));
        Assert.Null(await Store.FindResultAsync(new JobId(id), Token));
    }

    [Fact]
    public async Task A_batch_comes_back_as_it_was_stored()
    {
        var batch = await AddAsync(jobs: 3, sliceSize: 1);

        var found = await Store.FindBatchAsync(batch.Id, Token);

        Assert.Equal(batch, found! with { Version = "" });
    }

    [Fact]
    public async Task A_listing_comes_back_as_it_was_stored()
    {
        var listing = new Listing("/ImageResize/images/a/", JobActions.OnlyMeasure, After: "/ImageResize/images/a/é.jpg", Listed: 9_000);
        var batch = new Batch(BatchId.New(Now)) { Listing = listing, SliceSize = 100 };
        await Store.AddAsync(batch, [], Token);

        var found = await Store.FindBatchAsync(batch.Id, Token);

        Assert.Equivalent(listing, found!.Listing, strict: true);
        Assert.Null(found.Total);
    }

    [Fact]
    public async Task A_slice_comes_back_with_its_jobs_in_order_and_what_each_wants()
    {
        var batch = new Batch(BatchId.New(Now)) { Total = 3, SliceSize = 25 };
        Slice slice = new(0, 0, [new Job("a.jpg", Actions), new Job("b.jpg", JobActions.OnlyMeasure), new Job("ü/\"c\".jpg", Actions)]);
        await Store.AddAsync(batch, [slice], Token);

        var found = await Store.FindSliceAsync(batch.Id, 0, Token);

        Assert.Equivalent(slice, found, strict: true);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task The_only_slice_of_a_batch_knows_whether_a_watch_looks_at_it(bool isSingle, bool isUnwatched)
    {
        var batch = new Batch(BatchId.New(Now)) { Total = 1, IsSingle = isSingle };
        await Store.AddAsync(batch, [new Slice(0, 0, [new Job("a.jpg", Actions)]) { IsSingle = isSingle, IsUnwatched = isUnwatched }], Token);

        var found = await Store.FindSliceAsync(batch.Id, 0, Token);

        Assert.Equal((isSingle, isUnwatched), (found!.IsSingle, found.IsUnwatched));
    }

    [Fact]
    public async Task A_hundred_jobs_with_the_longest_sources_fit_a_slice()
    {
        var random = new Random(1);
        var jobs = Enumerable.Range(0, 100).Select(_ => new Job(RandomText(random, 4_000), Actions)).ToList();
        var batch = new Batch(BatchId.New(Now)) { Total = 200, SliceSize = 100 };
        await Store.AddAsync(batch, [new Slice(0, 0, jobs), new Slice(1, 100, jobs)], Token);

        var found = await Store.FindSliceAsync(batch.Id, 1, Token);

        Assert.Equal(jobs.Select(job => job.Source), found!.Jobs.Select(job => job.Source));
    }

    [Fact]
    public async Task More_slices_than_a_transaction_holds_are_stored()
    {
        var batch = await AddAsync(jobs: 230, sliceSize: 1);

        var slices = await Store.ListSlicesAsync(batch.Id, Token).CountAsync(Token);

        Assert.Equal(230, slices);
    }

    [Fact]
    public async Task The_only_job_of_a_batch_is_found_by_the_batchs_id_alone()
    {
        var batch = await AddAsync(jobs: 1, sliceSize: 1);
        var slice = await Store.FindSliceAsync(batch.Id, 0, Token);
        await Store.AddResultsAsync(batch.Id, slice!, Results(0), Token);

        Assert.NotNull(await Store.FindResultAsync(new JobId(batch.Id), Token));
        Assert.Null(await Store.FindResultAsync(new JobId(batch.Id, 0), Token));
    }

    [Fact]
    public async Task A_job_among_many_is_found_by_its_number_alone()
    {
        var batch = await AddAsync(jobs: 130, sliceSize: 10);
        var slice = await Store.FindSliceAsync(batch.Id, 12, Token);
        await Store.AddResultsAsync(batch.Id, slice!, Results(121), Token);

        Assert.NotNull(await Store.FindResultAsync(new JobId(batch.Id, 121), Token));
        Assert.Null(await Store.FindResultAsync(new JobId(batch.Id, 21), Token));
        Assert.Null(await Store.FindResultAsync(new JobId(batch.Id), Token));
    }

    [Fact]
    public async Task The_first_result_of_a_job_stands()
    {
        var batch = await AddAsync(jobs: 10, sliceSize: 10);
        var slice = (await Store.FindSliceAsync(batch.Id, 0, Token))!;
        await Store.AddResultsAsync(batch.Id, slice, Results(2, 3), Token);

        var late = Results(1, 2).ToDictionary(result => result.Key, result => result.Value with { Error = new JobError("x", "late") });
        var standing = await Store.AddResultsAsync(batch.Id, slice, late, Token);

        Assert.Null(standing[2].Error);
        Assert.Equal("late", standing[1].Error?.Message);
        Assert.Equivalent(standing[2], await Store.FindResultAsync(new JobId(batch.Id, 2), Token), strict: true);
    }

    [Fact]
    public async Task A_result_that_comes_after_canceled_is_too_late()
    {
        var batch = await AddAsync(jobs: 3, sliceSize: 3);
        var slice = (await Store.FindSliceAsync(batch.Id, 0, Token))!;
        await Store.AddResultsAsync(batch.Id, slice, new Dictionary<int, JobResult> { [1] = Canceled() }, Token);

        var standing = await Store.AddResultsAsync(batch.Id, slice, new Dictionary<int, JobResult> { [0] = Succeeded(), [1] = Succeeded() }, Token);

        Assert.Equal([false, true], standing.OrderBy(result => result.Key).Select(result => result.Value.IsCanceled));
        Assert.True((await Store.FindResultAsync(new JobId(batch.Id, 1), Token))!.IsCanceled);

        static JobResult Succeeded() => new("a.jpg", Now);
        static JobResult Canceled() => new("a.jpg", Now) { IsCanceled = true };
    }

    [Fact]
    public async Task Two_workers_on_one_slice_leave_one_result_a_job()
    {
        var batch = await AddAsync(jobs: 100, sliceSize: 100);
        var slice = (await Store.FindSliceAsync(batch.Id, 0, Token))!;
        var all = Enumerable.Range(0, 100).ToArray();

        await Task.WhenAll(
            Store.AddResultsAsync(batch.Id, slice, Results(all[..60]), Token),
            Store.AddResultsAsync(batch.Id, slice, Results(all[40..]), Token));

        Assert.Equal(all, (await Store.FindResultsAsync(batch.Id, slice, Token)).Keys.Order());
    }

    [Fact]
    public async Task Results_of_a_slice_do_not_mix_with_its_neighbours()
    {
        var batch = await AddAsync(jobs: 100, sliceSize: 25);
        foreach (var number in (int[])[0, 1, 2, 3])
        {
            var slice = (await Store.FindSliceAsync(batch.Id, number, Token))!;
            await Store.AddResultsAsync(batch.Id, slice, Results(slice.First, slice.First + 24), Token);
        }

        var second = (await Store.FindSliceAsync(batch.Id, 1, Token))!;

        Assert.Equal([25, 49], (await Store.FindResultsAsync(batch.Id, second, Token)).Keys.Order());
    }

    [Fact]
    public async Task Progress_is_seen_by_the_watch()
    {
        var batch = await AddAsync(jobs: 4, sliceSize: 2);
        await Store.SaveProgressAsync(batch.Id, 1, isDone: true, new JobCounts(1, 1), Token);
        var listed = await Store.ListSlicesAsync(batch.Id, Token).ToListAsync(Token);
        await Store.MarkRequeuedAsync(batch.Id, [listed[0]], Token);

        listed = await Store.ListSlicesAsync(batch.Id, Token).ToListAsync(Token);

        Assert.Equal(
            [new SliceProgress(0, false, default, default, 1, 2), new SliceProgress(1, true, new JobCounts(1, 1), default, 0, 2)],
            listed.Select(slice => slice with { TouchedAt = default }));
        Assert.All(listed, slice => Assert.True(slice.TouchedAt > Now.AddMinutes(-5)));
    }

    [Fact]
    public async Task A_slice_done_is_found_done()
    {
        var batch = await AddAsync(jobs: 2, sliceSize: 2);

        await Store.SaveProgressAsync(batch.Id, 0, isDone: true, new JobCounts(2, 0), Token);

        Assert.True((await Store.FindSliceAsync(batch.Id, 0, Token))!.IsDone);
    }

    [Fact]
    public async Task Of_two_listers_only_one_adds_slices()
    {
        var batch = new Batch(BatchId.New(Now)) { Listing = new Listing("x/", Actions), SliceSize = 100 };
        await Store.AddAsync(batch, [], Token);
        var read = (await Store.FindBatchAsync(batch.Id, Token))!;

        var first = await Store.FindAddedAsync(read with { Listing = read.Listing! with { Listed = 1 } }, [new Slice(0, 0, [new Job("a", Actions)])], Token);
        var second = await Store.FindAddedAsync(read with { Listing = read.Listing! with { Listed = 1 } }, [new Slice(0, 0, [new Job("b", Actions)])], Token);
        var next = await Store.FindAddedAsync(first! with { Listing = null, Total = 1 }, [], Token);

        Assert.NotNull(first);
        Assert.Null(second);
        Assert.Equal(1, next!.Total);
        Assert.Equal("a", (await Store.FindSliceAsync(batch.Id, 0, Token))!.Jobs[0].Source);
    }

    [Fact]
    public async Task Counts_are_kept_in_the_header()
    {
        var batch = await AddAsync(jobs: 2, sliceSize: 1);

        await Store.SaveCountsAsync(batch.Id, new JobCounts(1, 1, 2), Token);

        Assert.Equal(batch with { Counts = new JobCounts(1, 1, 2) }, (await Store.FindBatchAsync(batch.Id, Token))! with { Version = "" });
    }

    [Fact]
    public async Task A_canceled_batch_and_slice_are_found_canceled()
    {
        var batch = await AddAsync(jobs: 4, sliceSize: 2);
        var listed = await Store.ListSlicesAsync(batch.Id, Token).ToListAsync(Token);

        await Store.CancelAsync(batch.Id, Token);
        await Store.CancelSlicesAsync(batch.Id, [listed[1]], Token);

        Assert.True((await Store.FindBatchAsync(batch.Id, Token))!.IsCanceled);
        Assert.False((await Store.FindSliceAsync(batch.Id, 0, Token))!.IsCanceled);
        Assert.True((await Store.FindSliceAsync(batch.Id, 1, Token))!.IsCanceled);
        Assert.Equal([false, true], await Store.ListSlicesAsync(batch.Id, Token).Select(slice => slice.IsCanceled).ToListAsync(Token));
    }

    [Fact]
    public async Task The_end_of_a_batch_has_its_time()
    {
        var batch = await AddAsync(jobs: 2, sliceSize: 1);

        Assert.Null(await Store.FindEndAsync(batch.Id, Token));
        await Store.TryEndAsync(batch.Id, Token);
        Assert.True(await Store.FindEndAsync(batch.Id, Token) > Now.AddMinutes(-5));
    }

    [Fact]
    public async Task A_batch_ends_once()
    {
        var batch = await AddAsync(jobs: 2, sliceSize: 1);

        var ended = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Store.TryEndAsync(batch.Id, Token)));

        Assert.Single(ended, true);
    }

    [Fact]
    public async Task A_batchs_name_and_callback_come_back_and_outlive_its_listing()
    {
        var batch = new Batch(BatchId.New(Now)) { Name = "spring", Callback = "https://receiver.example/?a=b", Listing = new Listing("x/", Actions) };
        await Store.AddAsync(batch, [], Token);
        var read = (await Store.FindBatchAsync(batch.Id, Token))!;
        await Store.FindAddedAsync(read with { Listing = null, Total = 0 }, [], Token);

        var listed = (await Store.FindBatchAsync(batch.Id, Token))!;

        Assert.All([read, listed], found => Assert.Equal((batch.Name, batch.Callback), (found.Name, found.Callback)));
    }

    [Fact]
    public async Task The_first_that_a_callback_is_to_say_stands()
    {
        var batch = await AddAsync(jobs: 2, sliceSize: 1);
        var first = new CallbackStatus(Now, 2, new JobCounts(1, 1));

        Assert.Null(await Store.FindCallbackAsync(batch.Id, Token));
        var added = await Store.AddCallbackAsync(batch.Id, first, Token);
        var late = await Store.AddCallbackAsync(batch.Id, new CallbackStatus(Now.AddSeconds(1), 2, new JobCounts(2, 0)), Token);

        Assert.Equal(first, added with { Version = "" });
        Assert.Equal(added, late);
        Assert.Equal(added, await Store.FindCallbackAsync(batch.Id, Token));
    }

    [Fact]
    public async Task Of_two_workers_only_one_saves_how_a_callback_stands()
    {
        var batch = await AddAsync(jobs: 2, sliceSize: 1);
        var added = await Store.AddCallbackAsync(batch.Id, new CallbackStatus(Now, 2, new JobCounts(1, 1)), Token);
        var tried = added with { Attempts = 1, LastStatus = 503, LastReason = "Busy.", NextAttemptAt = Now.AddSeconds(5) };

        Assert.True(await Store.TrySaveCallbackAsync(batch.Id, tried, Token));
        Assert.False(await Store.TrySaveCallbackAsync(batch.Id, tried with { Attempts = 2 }, Token));

        Assert.Equal(tried with { Version = "" }, (await Store.FindCallbackAsync(batch.Id, Token))! with { Version = "" });
    }

    [Fact]
    public async Task What_no_longer_holds_of_a_callback_is_gone()
    {
        var batch = await AddAsync(jobs: 2, sliceSize: 1);
        var added = await Store.AddCallbackAsync(batch.Id, new CallbackStatus(Now, 2, default) { IsCanceled = true }, Token);
        await Store.TrySaveCallbackAsync(batch.Id, added with { LastStatus = 503, LastReason = "Busy.", NextAttemptAt = Now }, Token);
        var tried = (await Store.FindCallbackAsync(batch.Id, Token))!;
        var delivered = tried with { State = CallbackState.Delivered, LastStatus = null, LastReason = null, NextAttemptAt = null };

        await Store.TrySaveCallbackAsync(batch.Id, delivered, Token);

        Assert.Equal(delivered with { Version = "" }, (await Store.FindCallbackAsync(batch.Id, Token))! with { Version = "" });
    }

    [Fact]
    public async Task A_callback_of_a_dropped_day_is_not_saved()
    {
        var batch = await AddAsync(jobs: 1, sliceSize: 1, Now.AddDays(-8));
        var added = await Store.AddCallbackAsync(batch.Id, new CallbackStatus(Now, 2, default) { IsCanceled = true }, Token);
        await Store.DropDaysBeforeAsync(batch.Id.Day.AddDays(1), Token);

        Assert.False(await Store.TrySaveCallbackAsync(batch.Id, added, Token));
        Assert.Null(await Store.FindCallbackAsync(batch.Id, Token));
    }

    [Fact]
    public async Task Days_before_the_first_one_kept_are_dropped_whole()
    {
        var old = await AddAsync(jobs: 1, sliceSize: 1, Now.AddDays(-8));
        var kept = await AddAsync(jobs: 1, sliceSize: 1, Now.AddDays(-7));

        var dropped = await Store.DropDaysBeforeAsync(kept.Id.Day, Token);

        Assert.Equal([old.Id.Day], dropped);
        Assert.Null(await Store.FindBatchAsync(old.Id, Token));
        Assert.NotNull(await Store.FindBatchAsync(kept.Id, Token));
    }

    [Fact]
    public async Task Several_drop_a_day_at_once_and_none_fails()
    {
        var old = await AddAsync(jobs: 1, sliceSize: 1, Now.AddDays(-8));

        var dropped = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Store.DropDaysBeforeAsync(old.Id.Day.AddDays(1), Token)));

        Assert.Contains(dropped, days => days.Contains(old.Id.Day));
        Assert.Null(await Store.FindBatchAsync(old.Id, Token));
    }

    private async Task<Batch> AddAsync(int jobs, int sliceSize, DateTimeOffset? at = null)
    {
        var batch = new Batch(BatchId.New(at ?? Now)) { Total = jobs, IsSingle = jobs == 1, SliceSize = sliceSize };
        var slices = Slice.Cut(Enumerable.Range(0, jobs).Select(job => new Job($"{job}.jpg", Actions)), sliceSize);
        await Store.AddAsync(batch, [.. slices.Select(slice => slice with { IsSingle = jobs == 1, IsUnwatched = jobs == 1 })], Token);

        return batch;
    }

    private static Dictionary<int, JobResult> Results(params int[] jobs) => jobs.ToDictionary(
        job => job,
        job => new JobResult($"{job}.jpg", Now) { Thumbnails = [new MadeThumbnail($"resized/{job}.jpg", ImageFormat.Jpeg, 100, 50, 1_234)] });

    private static string RandomText(Random random, int length) =>
        string.Create(length, random, (text, source) => source.GetItems("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", text));
}
