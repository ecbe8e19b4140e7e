using ImageResize.Core.Batches;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;

namespace ImageResize.Tests.Storage.Tables;

/// <summary>The contract of callback stores. Each store runs the same tests.</summary>
public abstract class CallbackStoreTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    internal abstract IJobStore Jobs { get; }

    internal abstract ICallbackStore Callbacks { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_callback_added_is_kept()
    {
        var id = await AddBatchAsync();
        var first = new CallbackStatus(Now, 2, new JobCounts(1, 1));

        Assert.Null(await Callbacks.FindAsync(id, Token));
        var added = await Callbacks.AddOrGetAsync(id, first, Token);
        var late = await Callbacks.AddOrGetAsync(id, new CallbackStatus(Now.AddSeconds(1), 2, new JobCounts(2, 0)), Token);

        Assert.Equal(first, added with { Version = "" });
        Assert.Equal(added, late);
        Assert.Equal(added, await Callbacks.FindAsync(id, Token));
    }

    [Fact]
    public async Task Only_one_of_two_workers_replaces_a_callback()
    {
        var id = await AddBatchAsync();
        var added = await Callbacks.AddOrGetAsync(id, new CallbackStatus(Now, 2, new JobCounts(1, 1)), Token);
        var tried = added with { Attempts = 1, LastStatus = 503, LastReason = "Busy.", NextAttemptAt = Now.AddSeconds(5) };

        Assert.True(await Callbacks.TryReplaceAsync(id, tried, Token));
        Assert.False(await Callbacks.TryReplaceAsync(id, tried with { Attempts = 2 }, Token));

        Assert.Equal(tried with { Version = "" }, (await Callbacks.FindAsync(id, Token))! with { Version = "" });
    }

    [Fact]
    public async Task Values_that_are_null_in_the_new_version_are_removed()
    {
        var id = await AddBatchAsync();
        var added = await Callbacks.AddOrGetAsync(id, new CallbackStatus(Now, 2, default) { IsCanceled = true }, Token);
        await Callbacks.TryReplaceAsync(id, added with { LastStatus = 503, LastReason = "Busy.", NextAttemptAt = Now }, Token);
        var tried = (await Callbacks.FindAsync(id, Token))!;
        var delivered = tried with { State = CallbackState.Delivered, LastStatus = null, LastReason = null, NextAttemptAt = null };

        await Callbacks.TryReplaceAsync(id, delivered, Token);

        Assert.Equal(delivered with { Version = "" }, (await Callbacks.FindAsync(id, Token))! with { Version = "" });
    }

    [Fact]
    public async Task A_callback_of_a_dropped_day_is_neither_found_nor_replaced()
    {
        var id = await AddBatchAsync(Now.AddDays(-8));
        var added = await Callbacks.AddOrGetAsync(id, new CallbackStatus(Now, 2, default) { IsCanceled = true }, Token);
        await Jobs.DropDaysBeforeAsync(id.Day.AddDays(1), Token);

        Assert.False(await Callbacks.TryReplaceAsync(id, added, Token));
        Assert.Null(await Callbacks.FindAsync(id, Token));
    }

    private async Task<BatchId> AddBatchAsync(DateTimeOffset? at = null)
    {
        var batch = new Batch(BatchId.New(at ?? Now)) { Total = 2 };
        await Jobs.AddAsync(batch, [], Token);

        return batch.Id;
    }
}
