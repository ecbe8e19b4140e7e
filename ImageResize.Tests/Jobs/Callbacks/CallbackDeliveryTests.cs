using System.Text.Json;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Callbacks;
using ImageResize.Tests.Sources.Web;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Jobs.Callbacks;

public sealed class CallbackDeliveryTests : IAsyncDisposable
{
    private const string Page = "/ended?key=hush";
    private const string Address = "http://receiver.example" + Page;
    private const string Ok = "HTTP/1.1 204 No Content\r\n\r\n";
    private const string Busy = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy";

    /// <summary>How long a message stays hidden in <see cref="JobRig.WorkAsync"/> when its worker has died.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private readonly StubServer _server = new();
    private readonly TestReceivers _receivers;
    private readonly JobRig _rig;

    public CallbackDeliveryTests()
    {
        _receivers = new TestReceivers().With("receiver.example", _server.Place);
        _rig = new JobRig(receivers: _receivers);
        _server.Answer(Page, Ok);
        _rig.Sources["cat.jpg"] = TestImages.Jpeg(40, 30);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private int Calls => _server.Requests.Count;

    public async ValueTask DisposeAsync()
    {
        _rig.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task The_end_of_a_batch_is_told_once(int jobs)
    {
        var batch = await EndAsync(jobs);

        using var body = JsonDocument.Parse(_server.Bodies.Single());
        var counts = body.RootElement.GetProperty("data").GetProperty("counts").GetRawText();
        Assert.Equal($$"""{"succeeded":{{jobs}},"failed":0,"canceled":0}""", counts);
        Assert.Equal(batch.Id.ToString(), StandardWebhooks.Header(_server.Requests.Single(), "webhook-id"));
        Assert.Equal((CallbackState.Delivered, 1, 204, null, null), await FindAsync(batch));
        Assert.Equal(0, _rig.Queue.Count);
    }

    [Fact]
    public async Task A_watch_that_comes_twice_and_at_two_instances_ends_a_batch_once_and_tells_it_once()
    {
        var batch = await EndAsync(jobs: 3);
        var watch = new WorkMessage(WorkKind.Watch, batch.Id).ToJson();

        await Task.WhenAll(_rig.Work.ProcessAsync(watch, 1, Token), _rig.Work.ProcessAsync(watch, 1, Token));
        await _rig.WorkAsync();

        Assert.Equal((1, 0), (Calls, _rig.Queue.Count));
    }

    [Fact]
    public async Task A_batch_that_asked_for_none_calls_nobody()
    {
        var batch = await EndAsync(jobs: 3, address: null);

        Assert.Null(await _rig.Store.FindCallbackAsync(batch.Id, Token));
        Assert.DoesNotContain(_rig.Queue.Put, message => message.Kind == WorkKind.Callback);
    }

    [Fact]
    public async Task A_canceled_batch_says_so_and_how_much_had_been_done()
    {
        _rig.Sources["away.jpg"] = new IOException("The disk is away.");
        var batch = await _rig.Submitter.SubmitAsync(_rig.Submitter.NewBatch() with { Callback = Address }, [Job("cat.jpg"), Job("away.jpg"), Job("away.jpg")], Token);
        await _rig.WorkAsync();
        await _rig.Store.CancelAsync(batch.Id, Token);
        await PassAsync(BatchWatch.FirstDelay);

        Assert.Contains(
            """
            "state":"canceled","total":3,"counts":{"succeeded":1,"failed":0,"canceled":2}
            """,
            _server.Bodies.Single(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_called_before_the_end()
    {
        _rig.Sources["away.jpg"] = new IOException("The disk is away.");
        var batch = await _rig.Submitter.SubmitAsync(_rig.Submitter.NewBatch() with { Callback = Address }, [Job("cat.jpg"), Job("away.jpg")], Token);
        await _rig.WorkAsync();
        await PassAsync(BatchWatch.FirstDelay);

        Assert.Null(await _rig.Store.FindCallbackAsync(batch.Id, Token));
        Assert.Equal(0, Calls);
    }

    [Fact]
    public async Task A_receiver_that_fails_is_called_again_after_growing_delays_for_about_a_day()
    {
        _server.Answer(Page, Busy);
        var batch = await EndAsync();
        var delays = new List<TimeSpan>();
        while (await _rig.Store.FindCallbackAsync(batch.Id, Token) is { NextAttemptAt: { } next })
        {
            var (delay, calls) = (next - _rig.Clock.GetUtcNow(), Calls);
            delays.Add(delay);
            await PassAsync(delay - TimeSpan.FromSeconds(1));
            Assert.Equal(calls, Calls);
            await PassAsync(TimeSpan.FromSeconds(1));
            Assert.Equal(calls + 1, Calls);
        }

        Assert.Equal([5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 28_800], delays.Select(delay => delay.TotalSeconds));
        Assert.Equal((CallbackState.Failed, 11, 503, "The receiver answered 503.", null), await FindAsync(batch));
        Assert.Equal(0, _rig.Queue.Count);
    }

    [Fact]
    public async Task Each_attempt_says_the_same_under_the_same_id_at_its_own_time()
    {
        _server.Answer(Page, Busy);
        await EndAsync();
        await PassAsync(TimeSpan.FromSeconds(5));

        Assert.Single(_server.Bodies.Distinct());
        Assert.Single(_server.Requests.Select(head => StandardWebhooks.Header(head, "webhook-id")).Distinct());
        var times = _server.Requests.Select(head => long.Parse(StandardWebhooks.Header(head, "webhook-timestamp"))).ToArray();
        Assert.Equal(times[0] + 5, times[1]);
    }

    [Fact]
    public async Task A_receiver_that_comes_back_is_told()
    {
        _server.Answer(Page, Busy);
        var batch = await EndAsync();
        var next = _rig.Clock.GetUtcNow().AddSeconds(5);
        Assert.Equal((CallbackState.Pending, 1, 503, "The receiver answered 503.", next), await FindAsync(batch));

        _server.Answer(Page, Ok);
        await PassAsync(TimeSpan.FromSeconds(5));

        Assert.Equal((CallbackState.Delivered, 2, 204, null, null), await FindAsync(batch));
    }

    [Theory]
    [InlineData("1", 5)]
    [InlineData("60", 60)]
    [InlineData("999999", 3_600)]
    [InlineData("Mon, 01 Jan 2001 00:00:00 GMT", 5)]
    public async Task A_receiver_may_ask_for_more_patience_up_to_an_hour(string retryAfter, int seconds)
    {
        _server.Answer(Page, $"HTTP/1.1 429 Slow down\r\nRetry-After: {retryAfter}\r\nContent-Length: 0\r\n\r\n");

        var batch = await EndAsync();

        Assert.Equal(_rig.Clock.GetUtcNow().AddSeconds(seconds), (await FindAsync(batch)).Next);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_called_no_more()
    {
        _server.Answer(Page, "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n");

        var batch = await EndAsync();

        Assert.Equal((CallbackState.Failed, 1, 410, "The receiver answered 410.", null), await FindAsync(batch));
        Assert.Equal(0, _rig.Queue.Count);
    }

    [Fact]
    public async Task The_same_message_twice_after_a_delivery_calls_once()
    {
        var batch = await EndAsync();

        await _rig.Work.ProcessAsync(new WorkMessage(WorkKind.Callback, batch.Id).ToJson(), 2, Token);
        await _rig.Work.ProcessAsync(new WorkMessage(WorkKind.Callback, batch.Id, Round: 3).ToJson(), 1, Token);
        await _rig.Work.ProcessAsync(new WorkMessage(WorkKind.Watch, batch.Id).ToJson(), 2, Token);
        await _rig.WorkAsync();

        Assert.Equal(1, Calls);
    }

    [Fact]
    public async Task Two_workers_on_the_same_message_do_not_become_two_rows_of_attempts()
    {
        _server.Answer(Page, Busy);
        var batch = await EndAsync();
        await _rig.Queue.PutAsync(new WorkMessage(WorkKind.Callback, batch.Id, Round: 1), TimeSpan.FromSeconds(5), Token);

        _rig.Clock.Advance(TimeSpan.FromSeconds(5));
        var both = await _rig.Queue.ReceiveAsync(2, Lease, Token);
        await Task.WhenAll(both.Select(delivery => _rig.Work.ProcessAsync(delivery.FindBody(), delivery.Count, Token)));
        var calls = Calls;
        await PassAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(2, both.Count);
        Assert.Equal(calls + 1, Calls);
        Assert.Equal(3, (await FindAsync(batch)).Attempts);
    }

    [Fact]
    public async Task A_delivery_stands_whatever_another_worker_writes()
    {
        // The first of two workers on one message is told that all is well, after the second has failed.
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
        var message = new WorkMessage(WorkKind.Callback, batch.Id).ToJson();

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
    public async Task Death_between_the_end_and_its_message_loses_nothing()
    {
        _rig.Queue.NextFault = (WorkKind.Callback, new IOException("The process is dead."));
        var batch = await EndAsync();
        Assert.False(await _rig.Store.TryEndAsync(batch.Id, Token));
        Assert.Equal(0, Calls);

        await PassAsync(Lease);

        Assert.Equal(1, Calls);
        Assert.Equal(CallbackState.Delivered, (await FindAsync(batch)).State);
    }

    [Fact]
    public async Task Death_before_the_end_is_written_loses_nothing()
    {
        _rig.Store.FaultOf[nameof(IJobStore.TryEndAsync)] = new IOException("The process is dead.");
        var batch = await EndAsync();
        Assert.Equal(0, Calls);

        await PassAsync(Lease);

        Assert.False(await _rig.Store.TryEndAsync(batch.Id, Token));
        Assert.Equal(1, Calls);
    }

    [Fact]
    public async Task Death_before_the_next_message_is_put_loses_nothing()
    {
        _server.Answer(Page, Busy);
        var batch = await AddEndedAsync();
        await _rig.Queue.PutAsync(new WorkMessage(WorkKind.Callback, batch.Id), TimeSpan.Zero, Token);
        _rig.Queue.NextFault = (WorkKind.Callback, new IOException("The process is dead."));
        await _rig.WorkAsync();

        _server.Answer(Page, Ok);
        await PassAsync(Lease);

        Assert.Equal(CallbackState.Delivered, (await FindAsync(batch)).State);
        Assert.Equal(2, Calls);
    }

    [Fact]
    public async Task Death_between_the_next_message_and_the_row_makes_no_second_row_of_attempts()
    {
        _server.Answer(Page, Busy);
        _rig.Store.FaultOf[nameof(IJobStore.TrySaveCallbackAsync)] = new IOException("The process is dead.");
        var batch = await EndAsync();

        await PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(2, (await FindAsync(batch)).Attempts);
        await PassAsync(Lease);

        Assert.Equal(3, Calls);
        Assert.Equal(1, _rig.Queue.Count);
    }

    [Fact]
    public async Task Death_between_a_delivery_and_the_row_may_call_twice_and_ends_delivered()
    {
        _rig.Store.FaultOf[nameof(IJobStore.TrySaveCallbackAsync)] = new IOException("The process is dead.");
        var batch = await EndAsync();

        await PassAsync(Lease);

        Assert.Equal(CallbackState.Delivered, (await FindAsync(batch)).State);
        Assert.Equal(2, Calls);
    }

    [Fact]
    public async Task A_message_given_up_fails_the_callback()
    {
        _server.Answer(Page, Busy);
        var batch = await EndAsync();

        await _rig.Work.GiveUpAsync(new WorkMessage(WorkKind.Callback, batch.Id, Round: 1).ToJson(), Token);
        await PassAsync(TimeSpan.FromDays(1));

        const string Reason = "The callback failed too often on our side and was given up.";
        Assert.Equal((CallbackState.Failed, 1, 503, Reason, null), await FindAsync(batch));
        Assert.Equal(1, Calls);
    }

    [Fact]
    public async Task A_message_given_up_after_its_attempt_changes_nothing()
    {
        _server.Answer(Page, Busy);
        var batch = await EndAsync();

        await _rig.Work.GiveUpAsync(new WorkMessage(WorkKind.Callback, batch.Id).ToJson(), Token);
        Assert.Equal(CallbackState.Pending, (await FindAsync(batch)).State);

        _server.Answer(Page, Ok);
        await PassAsync(TimeSpan.FromSeconds(5));
        await _rig.Work.GiveUpAsync(new WorkMessage(WorkKind.Callback, batch.Id, Round: 7).ToJson(), Token);
        Assert.Equal(CallbackState.Delivered, (await FindAsync(batch)).State);
    }

    [Fact]
    public async Task A_late_message_of_a_dropped_day_does_nothing()
    {
        _server.Answer(Page, Busy);
        await EndAsync();

        _rig.Clock.Advance(TimeSpan.FromDays(8));
        await _rig.Retention.DropExpiredAsync(Token);
        await _rig.WorkAsync();

        Assert.Equal(1, Calls);
        Assert.Equal(0, _rig.Queue.Count);
    }

    [Fact]
    public async Task The_log_names_the_batch_and_no_address()
    {
        _server.Answer(Page, Busy);
        var batch = await EndAsync();
        await PassAsync(TimeSpan.FromSeconds(5));
        _server.Answer(Page, Ok);
        await PassAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(3, _receivers.Log.Lines.Count);
        Assert.All(_receivers.Log.Lines, line =>
        {
            Assert.Contains(batch.Id.ToString(), line, StringComparison.Ordinal);
            Assert.DoesNotContain("hush", line, StringComparison.Ordinal);
            Assert.DoesNotContain("receiver.example", line, StringComparison.Ordinal);
            Assert.DoesNotContain("whsec", line, StringComparison.Ordinal);
        });
    }

    /// <summary>A batch from its submission to its end, and the first attempt.</summary>
    private async Task<Batch> EndAsync(int jobs = 2, string? address = Address)
    {
        var batch = await _rig.Submitter.SubmitAsync(_rig.Submitter.NewBatch() with { Callback = address }, [.. Enumerable.Repeat(Job("cat.jpg"), jobs)], Token);
        await _rig.WorkAsync();
        await PassAsync(BatchWatch.FirstDelay);

        return batch;
    }

    /// <summary>A batch as its watch leaves it, without the message.</summary>
    private async Task<Batch> AddEndedAsync()
    {
        var batch = new Batch(BatchId.New(_rig.Clock.GetUtcNow())) { Total = 2, Callback = Address };
        await _rig.Store.AddAsync(batch, [], Token);
        await _rig.Store.AddCallbackAsync(batch.Id, new CallbackStatus(_rig.Clock.GetUtcNow(), 2, new JobCounts(2, 0)), Token);

        return batch;
    }

    private async Task PassAsync(TimeSpan time)
    {
        _rig.Clock.Advance(time);
        await _rig.WorkAsync();
    }

    private async Task<(CallbackState State, int Attempts, int? Status, string? Reason, DateTimeOffset? Next)> FindAsync(Batch batch)
    {
        var callback = (await _rig.Store.FindCallbackAsync(batch.Id, Token))!;

        return (callback.State, callback.Attempts, callback.LastStatus, callback.LastReason, callback.NextAttemptAt);
    }

    private static Job Job(string source) => new(source, JobRig.Thumbnail);
}
