using System.Text;
using System.Text.Json;
using ImageResize.Core.Batches;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Callbacks;
using ImageResize.Core.Messages;
using ImageResize.Tests.Sources.Web;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Callbacks;

/// <summary>Messages that arrive twice, late or at two workers, and processes that crash between two steps.</summary>
public sealed class CallbackRedeliveryTests : CallbackHandlerTestBase
{
    [Fact]
    public async Task Two_instances_with_the_same_watch_message_end_a_batch_once_and_call_once()
    {
        var batch = await EndAsync(jobs: 3);
        var watch = MessageText.Encode(new WatchMessage(batch.Id));

        await Task.WhenAll(_rig.Work.ProcessAsync(watch, 1, Token), _rig.Work.ProcessAsync(watch, 1, Token));
        await _rig.WorkAsync();

        Assert.Equal((1, 0), (Calls, _rig.Queue.Count));
    }

    [Fact]
    public async Task The_message_of_a_slow_attempt_ends_and_the_attempt_is_recorded()
    {
        var (batch, attempt) = await BeginSlowAsync();

        attempt.SetResult();
        await Eventually.Async(async () => (await FindAsync(batch)).State == CallbackState.Delivered);
        await PassAsync(CallbackHandler.RepeatDelay);

        Assert.Equal((1, 0), (Calls, _rig.Queue.Count));
    }

    [Fact]
    public async Task A_slow_attempt_that_is_not_recorded_is_made_again()
    {
        var (batch, _) = await BeginSlowAsync();

        _server.Answer(Page, Ok);
        await PassAsync(CallbackHandler.RepeatDelay);

        // The first attempt has timed out, and queued its next one.
        await Eventually.Async(() => _rig.Queue.Sent.OfType<CallbackMessage>().Any(message => message.PreviousAttempts == 1));
        await PassAsync(TimeSpan.FromSeconds(5));

        Assert.Equal((CallbackState.Delivered, 2, 0), ((await FindAsync(batch)).State, Calls, _rig.Queue.Count));
    }

    [Fact]
    public async Task A_message_that_is_delivered_again_after_the_callback_calls_no_one()
    {
        var batch = await EndAsync();

        await _rig.Work.ProcessAsync(MessageText.Encode(new CallbackMessage(batch.Id)), 2, Token);
        await _rig.Work.ProcessAsync(MessageText.Encode(new CallbackMessage(batch.Id) { PreviousAttempts = 3 }), 1, Token);
        await _rig.Work.ProcessAsync(MessageText.Encode(new WatchMessage(batch.Id)), 2, Token);
        await _rig.WorkAsync();

        Assert.Equal(1, Calls);
    }

    [Fact]
    public async Task Two_workers_with_the_same_message_continue_with_one_sequence_of_attempts()
    {
        _server.Answer(Page, Busy);
        var batch = await EndAsync();
        await _rig.Queue.SendAsync(new CallbackMessage(batch.Id) { PreviousAttempts = 1 }, TimeSpan.FromSeconds(5), Token);

        _rig.Clock.Advance(TimeSpan.FromSeconds(5));
        var both = await _rig.Queue.ReceiveAsync(2, Lease, Token);
        await Task.WhenAll(both.Select(delivery => _rig.Work.ProcessAsync(delivery.Text, delivery.DequeueCount, Token)));
        var calls = Calls;
        await PassAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(2, both.Count);
        Assert.Equal(calls + 1, Calls);
        Assert.Equal(3, (await FindAsync(batch)).Attempts);
    }

    [Fact]
    public async Task A_recorded_delivery_is_not_overwritten_by_another_worker()
    {
        // Of two workers with the same message, the first one succeeds after the second one has failed.
        var isFirst = true;
        var secondIsDone = new TaskCompletionSource();
        _server.Pages[Page] = async (stream, cancellationToken) =>
        {
            var reply = isFirst ? Ok : Busy;
            if (isFirst)
            {
                isFirst = false;
                await secondIsDone.Task.WaitAsync(cancellationToken);
            }

            await stream.WriteAsync(System.Text.Encoding.Latin1.GetBytes(reply), cancellationToken);
        };
        var batch = await AddEndedAsync();
        var message = MessageText.Encode(new CallbackMessage(batch.Id));

        var first = _rig.Work.ProcessAsync(message, 1, Token);
        await Eventually.Async(() => Calls == 1);
        await _rig.Work.ProcessAsync(message, 2, Token);
        secondIsDone.SetResult();
        await first;
        await PassAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(CallbackState.Delivered, (await FindAsync(batch)).State);
        Assert.Equal(2, Calls);
    }

    [Fact]
    public async Task A_crash_between_the_end_and_the_callback_message_does_not_lose_the_callback()
    {
        _rig.Queue.NextFault = (typeof(CallbackMessage), new IOException("The process crashed."));
        var batch = await EndAsync();
        Assert.False(await _rig.Store.TryEndAsync(batch.Id, Token));
        Assert.Equal(0, Calls);

        await PassAsync(Lease);

        Assert.Equal(1, Calls);
        Assert.Equal(CallbackState.Delivered, (await FindAsync(batch)).State);
    }

    [Fact]
    public async Task A_crash_before_the_end_is_written_does_not_lose_the_callback()
    {
        _rig.Store.NextEndFault = new IOException("The process crashed.");
        var batch = await EndAsync();
        Assert.Equal(0, Calls);

        await PassAsync(Lease);

        Assert.False(await _rig.Store.TryEndAsync(batch.Id, Token));
        Assert.Equal(1, Calls);
    }

    [Fact]
    public async Task A_crash_before_the_next_message_is_sent_does_not_lose_the_callback()
    {
        _server.Answer(Page, Busy);
        var batch = await AddEndedAsync();
        await _rig.Queue.SendAsync(new CallbackMessage(batch.Id), TimeSpan.Zero, Token);
        _rig.Queue.NextFault = (typeof(CallbackMessage), new IOException("The process crashed."));
        await _rig.WorkAsync();

        _server.Answer(Page, Ok);
        await PassAsync(Lease);

        Assert.Equal(CallbackState.Delivered, (await FindAsync(batch)).State);
        Assert.Equal(2, Calls);
    }

    [Fact]
    public async Task A_crash_between_the_next_message_and_the_row_starts_no_second_sequence_of_attempts()
    {
        _server.Answer(Page, Busy);
        _rig.Callbacks.NextFault = new IOException("The process crashed.");
        var batch = await EndAsync();

        await PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(2, (await FindAsync(batch)).Attempts);
        await PassAsync(Lease);

        Assert.Equal(3, Calls);
        Assert.Equal(1, _rig.Queue.Count);
    }

    [Fact]
    public async Task A_crash_between_a_delivery_and_the_row_can_call_twice_and_ends_delivered()
    {
        _rig.Callbacks.NextFault = new IOException("The process crashed.");
        var batch = await EndAsync();

        await PassAsync(Lease);

        Assert.Equal(CallbackState.Delivered, (await FindAsync(batch)).State);
        Assert.Equal(2, Calls);
    }

    [Fact]
    public async Task A_message_that_is_given_up_fails_the_callback()
    {
        _server.Answer(Page, Busy);
        var batch = await EndAsync();

        await _rig.Poison.GiveUpAsync(MessageText.Encode(new CallbackMessage(batch.Id) { PreviousAttempts = 1 }), Token);
        await PassAsync(TimeSpan.FromDays(1));

        const string Reason = "The callback failed too often on our side and was given up.";
        Assert.Equal((CallbackState.Failed, 1, 503, Reason, null), await FindAsync(batch));
        Assert.Equal(1, Calls);
    }

    [Fact]
    public async Task A_message_that_is_given_up_after_its_attempt_changes_nothing()
    {
        _server.Answer(Page, Busy);
        var batch = await EndAsync();

        await _rig.Poison.GiveUpAsync(MessageText.Encode(new CallbackMessage(batch.Id)), Token);
        Assert.Equal(CallbackState.Pending, (await FindAsync(batch)).State);

        _server.Answer(Page, Ok);
        await PassAsync(TimeSpan.FromSeconds(5));
        await _rig.Poison.GiveUpAsync(MessageText.Encode(new CallbackMessage(batch.Id) { PreviousAttempts = 7 }), Token);
        Assert.Equal(CallbackState.Delivered, (await FindAsync(batch)).State);
    }

    [Fact]
    public async Task A_late_message_of_an_expired_batch_does_nothing()
    {
        _server.Answer(Page, Busy);
        await EndAsync();

        _rig.Clock.Advance(TimeSpan.FromDays(8));
        await _rig.Cleanup.DropExpiredAsync(Token);
        await _rig.WorkAsync();

        Assert.Equal(1, Calls);
        Assert.Equal(0, _rig.Queue.Count);
    }

    /// <summary>Ends a batch whose receiver has not answered when the message of its callback is done.</summary>
    private async Task<(Batch Batch, TaskCompletionSource Answer)> BeginSlowAsync()
    {
        var answer = new TaskCompletionSource();
        _server.Pages[Page] = async (stream, cancellationToken) =>
        {
            await answer.Task.WaitAsync(cancellationToken);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(Ok), cancellationToken);
        };
        var batch = await SubmitAsync(Address, "cat.jpg");
        await _rig.WorkAsync();
        _rig.Clock.Advance(BatchSubmitter.FirstWatchDelay);
        var work = _rig.WorkAsync();
        await Eventually.Async(() => Calls == 1);
        _rig.Clock.Advance(CallbackHandler.MaxWait);
        await work;
        Assert.Equal((CallbackState.Pending, 0), ((await FindAsync(batch)).State, (await FindAsync(batch)).Attempts));

        return (batch, answer);
    }
}
