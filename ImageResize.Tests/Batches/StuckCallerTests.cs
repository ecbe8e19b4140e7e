using ImageResize.Core.Batches;
using ImageResize.Core.Jobs;
using ImageResize.Core.Messages;
using ImageResize.Core.Messages.Waiting;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.InMemory;

namespace ImageResize.Tests.Batches;

/// <summary>Messages of a caller of whom twice as many as there are slots are in progress, and none has started for a second.</summary>
public sealed class StuckCallerTests : IDisposable
{
    private readonly JobRig _rig = new();
    private readonly List<Task<MessagePlace?>> _held = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_further_job_is_queued_with_a_delay()
    {
        HoldPlaces();

        var batch = await SubmitAsync();

        await AssertIsDoneLaterAsync(batch);
    }

    [Fact]
    public async Task A_message_that_was_queued_before_returns_to_the_queue()
    {
        var batch = await SubmitAsync();
        HoldPlaces();

        await AssertIsDoneLaterAsync(batch);
    }

    private async Task AssertIsDoneLaterAsync(Batch batch)
    {
        await _rig.WorkAsync();
        Assert.Equal(JobState.Queued, (await _rig.FindAsync(batch)).State);
        foreach (var held in _held)
        {
            (await held)!.Dispose();
        }

        _rig.Clock.Advance(TimeSpan.FromSeconds(5));
        await _rig.WorkAsync();

        Assert.Equal(JobState.Succeeded, (await _rig.FindAsync(batch)).State);
    }

    private Task<Batch> SubmitAsync()
    {
        _rig.Sources["a.jpg"] = TestImages.Jpeg(40, 30);

        return _rig.SubmitAsync("a.jpg");
    }

    private void HoldPlaces()
    {
        var message = new SliceMessage(_rig.Submitter.NewBatch().Id, 0);
        for (var i = 0; i < 2 * CallerSlots.Default; i++)
        {
            _held.Add(_rig.Throttle.EnterAsync(message, Token));
        }

        _rig.Clock.Advance(TimeSpan.FromSeconds(1));
    }
}
