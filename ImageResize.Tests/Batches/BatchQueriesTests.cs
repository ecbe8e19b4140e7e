using ImageResize.Core.Batches;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.InMemory;

namespace ImageResize.Tests.Batches;

/// <summary>Callers can always distinguish unknown, queued, succeeded, failed and expired jobs.</summary>
public sealed class BatchQueriesTests : IDisposable
{
    private readonly JobRig _rig = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_submitted_job_is_queued() =>
        Assert.Equal(JobState.Queued, (await _rig.FindAsync(await _rig.SubmitAsync("a.jpg"))).State);

    [Fact]
    public async Task An_id_that_was_not_submitted_is_unknown()
    {
        var never = new Batch(BatchId.New(_rig.Clock.GetUtcNow()));

        Assert.Equal(JobState.Unknown, (await _rig.FindAsync(never)).State);
    }

    [Fact]
    public async Task An_id_of_the_future_is_unknown()
    {
        var future = new Batch(BatchId.New(_rig.Clock.GetUtcNow().AddHours(1)));

        Assert.Equal(JobState.Unknown, (await _rig.FindAsync(future)).State);
    }

    [Fact]
    public async Task An_id_older_than_the_retention_is_expired()
    {
        var old = new Batch(BatchId.New(_rig.Clock.GetUtcNow().AddDays(-8)));

        Assert.Equal(JobState.Expired, (await _rig.FindAsync(old)).State);
    }

    [Fact]
    public async Task A_job_number_beyond_the_batch_is_unknown()
    {
        _rig.Sources["a.jpg"] = TestImages.Jpeg(4, 3);
        _rig.Sources["b.jpg"] = TestImages.Jpeg(4, 3);
        var batch = await _rig.SubmitFolderAsync();

        Assert.Equal(JobState.Queued, (await _rig.FindAsync(batch, 1)).State);
        Assert.Equal(JobState.Unknown, (await _rig.FindAsync(batch, 2)).State);
        Assert.Equal(JobState.Unknown, (await _rig.FindAsync(batch)).State);
    }

    [Fact]
    public async Task A_single_job_whose_message_is_lost_is_queued_again_by_a_query_after_a_lease()
    {
        _rig.Sources["a.jpg"] = TestImages.Jpeg(4, 3);
        var batch = await _rig.SubmitAsync("a.jpg");
        await _rig.Queue.DeleteAsync(Assert.Single(await _rig.Queue.ReceiveAsync(1, TimeSpan.Zero, Token)), Token);
        await _rig.FindAsync(batch);
        Assert.Equal(0, _rig.Queue.Count);

        _rig.Clock.Advance(TimeSpan.FromSeconds(60));
        await Task.WhenAll(_rig.FindAsync(batch), _rig.FindAsync(batch));
        await _rig.WorkAsync();

        Assert.Equal(JobState.Succeeded, (await _rig.FindAsync(batch)).State);
    }

    [Fact]
    public async Task A_single_job_that_only_waits_is_queued_again_less_and_less_often()
    {
        var batch = await _rig.SubmitAsync("a.jpg");

        for (var minute = 0; minute < 600; minute++)
        {
            _rig.Clock.Advance(TimeSpan.FromMinutes(1));
            await _rig.FindAsync(batch);
        }

        Assert.InRange(_rig.Queue.Sent.Count, 2, 11);
    }
}
