using ImageResize.Core.Batches;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Storage.Tables;

/// <summary>The contract of job stores for results and progress. Each store runs the same tests.</summary>
public abstract class JobResultStoreTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly JobActions Actions = new(false, [new ThumbnailAction(new ThumbnailSpec(100, 100), "_resized")]);

    internal abstract IJobStore Store { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_only_job_of_a_batch_is_found_only_by_the_batch_id()
    {
        var batch = await AddAsync(jobs: 1, sliceSize: 1);
        var slice = await Store.FindSliceAsync(batch.Id, 0, Token);
        await Store.AddResultsAsync(batch.Id, slice!, Results(0), Token);

        Assert.NotNull(await Store.FindResultAsync(new JobId(batch.Id), Token));
        Assert.Null(await Store.FindResultAsync(new JobId(batch.Id, 0), Token));
    }

    [Fact]
    public async Task A_job_of_many_is_found_only_by_its_number()
    {
        var batch = await AddAsync(jobs: 130, sliceSize: 10);
        var slice = await Store.FindSliceAsync(batch.Id, 12, Token);
        await Store.AddResultsAsync(batch.Id, slice!, Results(121), Token);

        Assert.NotNull(await Store.FindResultAsync(new JobId(batch.Id, 121), Token));
        Assert.Null(await Store.FindResultAsync(new JobId(batch.Id, 21), Token));
        Assert.Null(await Store.FindResultAsync(new JobId(batch.Id), Token));
    }

    [Fact]
    public async Task The_first_result_of_a_job_is_kept()
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
    public async Task A_result_after_the_cancellation_is_ignored()
    {
        var batch = await AddAsync(jobs: 3, sliceSize: 3);
        var slice = (await Store.FindSliceAsync(batch.Id, 0, Token))!;
        await Store.AddResultsAsync(batch.Id, slice, new Dictionary<int, JobResult> { [1] = Canceled() }, Token);

        var late = new Dictionary<int, JobResult> { [0] = Succeeded(), [1] = Succeeded() };
        var standing = await Store.AddResultsAsync(batch.Id, slice, late, Token);

        Assert.Equal([false, true], standing.OrderBy(result => result.Key).Select(result => result.Value.IsCanceled));
        Assert.True((await Store.FindResultAsync(new JobId(batch.Id, 1), Token))!.IsCanceled);

        static JobResult Succeeded() => new(new SourceUri("", "a.jpg"), Now);
        static JobResult Canceled() => new(new SourceUri("", "a.jpg"), Now) { IsCanceled = true };
    }

    [Fact]
    public async Task Two_workers_on_one_slice_store_one_result_for_each_job()
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
    public async Task Progress_and_requeues_are_listed()
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
    public async Task A_slice_is_read_as_done()
    {
        var batch = await AddAsync(jobs: 2, sliceSize: 2);

        await Store.SaveProgressAsync(batch.Id, 0, isDone: true, new JobCounts(2, 0), Token);

        Assert.True((await Store.FindSliceAsync(batch.Id, 0, Token))!.IsDone);
    }

    [Fact]
    public async Task Only_one_of_two_workers_adds_slices()
    {
        var batch = new Batch(BatchId.New(Now)) { Listing = new Listing("x/".ToSource(), Actions), SliceSize = 100 };
        await Store.AddAsync(batch, [], Token);
        var read = (await Store.FindBatchAsync(batch.Id, Token))!;

        var listed = read with { Listing = read.Listing! with { Listed = 1 } };
        var first = await Store.TryAddSlicesAsync(listed, [new Slice(0, 0, [new Job("a".ToSource(), Actions)])], Token);
        var second = await Store.TryAddSlicesAsync(listed, [new Slice(0, 0, [new Job("b".ToSource(), Actions)])], Token);
        var next = await Store.TryAddSlicesAsync(first! with { Listing = null, Total = 1 }, [], Token);

        Assert.NotNull(first);
        Assert.Null(second);
        Assert.Equal(1, next!.Total);
        Assert.Equal("a", (await Store.FindSliceAsync(batch.Id, 0, Token))!.Jobs[0].Source.Unredacted);
    }

    [Fact]
    public async Task Counts_are_stored_in_the_header()
    {
        var batch = await AddAsync(jobs: 2, sliceSize: 1);

        await Store.SaveCountsAsync(batch.Id, new JobCounts(1, 1, 2), Token);

        Assert.Equal(batch with { Counts = new JobCounts(1, 1, 2) }, (await Store.FindBatchAsync(batch.Id, Token))! with { Version = "" });
    }

    private async Task<Batch> AddAsync(int jobs, int sliceSize, DateTimeOffset? at = null)
    {
        var batch = new Batch(BatchId.New(at ?? Now)) { Total = jobs, IsSingle = jobs == 1, SliceSize = sliceSize };
        var slices = Slice.Cut(Enumerable.Range(0, jobs).Select(job => new Job($"{job}.jpg".ToSource(), Actions)), sliceSize);
        await Store.AddAsync(batch, [.. slices.Select(slice => slice with { IsSingle = jobs == 1, IsUnwatched = jobs == 1 })], Token);

        return batch;
    }

    private static Dictionary<int, JobResult> Results(params int[] jobs) => jobs.ToDictionary(
        job => job,
        job => new JobResult($"{job}.jpg".ToSource(), Now)
        {
            Thumbnails = [new MadeThumbnail($"resized/{job}.jpg".ToSource(), ImageFormat.Jpeg, 100, 50, 1_234)],
        });
}
