using ImageResize.Core.Batches;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Jobs;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Storage.Tables;

/// <summary>The contract of job stores. Each store runs the same tests.</summary>
public abstract class JobStoreTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly JobActions Actions = new(false, [new ThumbnailAction(new ThumbnailSpec(100, 100), "_resized")]);

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
    public async Task A_batch_is_read_as_it_was_stored()
    {
        var batch = await AddAsync(jobs: 3, sliceSize: 1);

        var found = await Store.FindBatchAsync(batch.Id, Token);

        Assert.Equal(batch, found! with { Version = "" });
    }

    [Fact]
    public async Task Listed_batches_of_an_owner_and_a_day_are_found_the_newest_first()
    {
        var (owner, other) = (OwnerTag.Of($"{Guid.NewGuid()}"), OwnerTag.Of($"{Guid.NewGuid()}"));
        var today = new DateTimeOffset(Now.UtcDateTime.Date.AddHours(12), TimeSpan.Zero);
        var ids = Enumerable.Range(0, 3).Select(second => BatchId.New(today.AddSeconds(second), owner: owner)).ToList();
        Batch[] batches =
        [
            .. ids.Select(id => new Batch(id) { IsListed = true }),
            new Batch(BatchId.New(today, owner: owner)),
            new Batch(BatchId.New(today, owner: other)) { IsListed = true },
            new Batch(BatchId.New(today.AddDays(-1), owner: owner)) { IsListed = true },
        ];
        foreach (var batch in batches)
        {
            await Store.AddAsync(batch, [], Token);
        }

        Assert.Equal([ids[2], ids[1], ids[0]], await Store.ListBatchesAsync(owner, ids[0].Day, after: null, Token).ToListAsync(Token));
        Assert.Equal([ids[0]], await Store.ListBatchesAsync(owner, ids[0].Day, after: ids[1], Token).ToListAsync(Token));
        Assert.Empty(await Store.ListBatchesAsync(owner, new DateOnly(2020, 1, 1), after: null, Token).ToListAsync(Token));
    }

    [Fact]
    public async Task A_listing_is_read_as_it_was_stored()
    {
        var listing = new Listing(
            "/ImageResize/images/a/".ToSource(), JobActions.OnlyMeasure, After: "/ImageResize/images/a/é.jpg".ToSource(), Listed: 9_000);
        var batch = new Batch(BatchId.New(Now)) { Listing = listing, SliceSize = 100 };
        await Store.AddAsync(batch, [], Token);

        var found = await Store.FindBatchAsync(batch.Id, Token);

        Assert.Equivalent(listing, found!.Listing, strict: true);
        Assert.Null(found.Total);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(30_000)]
    public async Task The_skipped_files_of_a_batch_are_read_as_they_were_stored(int length)
    {
        var listing = new Listing("x/".ToSource(), Actions, After: "x/z".ToSource());
        SkippedFiles[] skipped =
        [
            new("hidden", 2, [".é\u0001", ".\"b\""]),
            new("unknown_extension", 7, [RandomText(new Random(7), length)]),
        ];
        var batch = new Batch(BatchId.New(Now)) { Listing = listing };
        await Store.AddAsync(batch, [], Token);
        var stored = (await Store.FindBatchAsync(batch.Id, Token))!;
        await Store.TryAddSlicesAsync(stored with { Skipped = skipped }, [], Token);

        var found = await Store.FindBatchAsync(batch.Id, Token);

        Assert.Equivalent(skipped, found!.Skipped, strict: true);
        Assert.Equivalent(listing, found.Listing, strict: true);
    }

    [Fact]
    public async Task A_slice_is_read_with_its_jobs_in_order_and_their_actions()
    {
        var batch = new Batch(BatchId.New(Now)) { Total = 3, SliceSize = 25 };
        Slice slice = new(0, 0, [new Job("a.jpg".ToSource(), Actions), new Job(
            "b.jpg".ToSource(), JobActions.OnlyMeasure), new Job("ü/\"c\".jpg".ToSource(), Actions) { Name = "ç.jpg" }]);
        await Store.AddAsync(batch, [slice], Token);

        var found = await Store.FindSliceAsync(batch.Id, 0, Token);

        Assert.Equivalent(slice, found, strict: true);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task The_only_slice_of_a_batch_stores_whether_it_is_watched(bool isSingle, bool isUnwatched)
    {
        var batch = new Batch(BatchId.New(Now)) { Total = 1, IsSingle = isSingle };
        var slice = new Slice(0, 0, [new Job("a.jpg".ToSource(), Actions)]) { IsSingle = isSingle, IsUnwatched = isUnwatched };
        await Store.AddAsync(batch, [slice], Token);

        var found = await Store.FindSliceAsync(batch.Id, 0, Token);

        Assert.Equal((isSingle, isUnwatched), (found!.IsSingle, found.IsUnwatched));
    }

    [Fact]
    public async Task A_hundred_jobs_with_the_longest_sources_fit_a_slice()
    {
        var random = new Random(1);
        var jobs = Enumerable.Range(0, 100).Select(_ => new Job(RandomText(random, 4_000).ToSource(), Actions)).ToList();
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
    public async Task A_batch_and_a_slice_are_read_as_canceled()
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
    public async Task The_time_of_a_batchs_end_is_stored()
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
    public async Task A_batchs_name_and_callback_are_kept_after_its_listing()
    {
        var batch = new Batch(BatchId.New(Now))
        {
            Name = "spring",
            Callback = "https://receiver.example/?a=b",
            Listing = new Listing("x/".ToSource(), Actions),
        };
        await Store.AddAsync(batch, [], Token);
        var read = (await Store.FindBatchAsync(batch.Id, Token))!;
        await Store.TryAddSlicesAsync(read with { Listing = null, Total = 0 }, [], Token);

        var listed = (await Store.FindBatchAsync(batch.Id, Token))!;

        Assert.All([read, listed], found => Assert.Equal((batch.Name, batch.Callback), (found.Name, found.Callback)));
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
    public async Task Several_instances_can_drop_a_day_at_once()
    {
        var old = await AddAsync(jobs: 1, sliceSize: 1, Now.AddDays(-8));

        var dropped = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Store.DropDaysBeforeAsync(old.Id.Day.AddDays(1), Token)));

        Assert.Contains(dropped, days => days.Contains(old.Id.Day));
        Assert.Null(await Store.FindBatchAsync(old.Id, Token));
    }

    private async Task<Batch> AddAsync(int jobs, int sliceSize, DateTimeOffset? at = null)
    {
        var batch = new Batch(BatchId.New(at ?? Now)) { Total = jobs, IsSingle = jobs == 1, SliceSize = sliceSize };
        var slices = Slice.Cut(Enumerable.Range(0, jobs).Select(job => new Job($"{job}.jpg".ToSource(), Actions)), sliceSize);
        await Store.AddAsync(batch, [.. slices.Select(slice => slice with { IsSingle = jobs == 1, IsUnwatched = jobs == 1 })], Token);

        return batch;
    }

    private static string RandomText(Random random, int length) =>
        new(random.GetItems<char>("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", length));
}
