using System.Text.Json;
using ImageResize.Core.Batches;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Messages;
using ImageResize.Tests.Support.Http;

namespace ImageResize.Tests.Callbacks;

public sealed class CallbackHandlerTests : CallbackHandlerTestBase
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task The_receiver_is_called_once_when_the_batch_ends(int jobs)
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
    public async Task A_batch_without_a_callback_calls_no_receiver()
    {
        var batch = await EndAsync(jobs: 3, address: null);

        Assert.Null(await _rig.Callbacks.FindAsync(batch.Id, Token));
        Assert.DoesNotContain(_rig.Queue.Sent, message => message is CallbackMessage);
    }

    [Fact]
    public async Task The_callback_of_a_canceled_batch_contains_its_state_and_counts()
    {
        _rig.Sources["away.jpg"] = new IOException("The disk is unavailable.");
        var batch = await SubmitAsync(Address, "cat.jpg", "away.jpg", "away.jpg");
        await _rig.WorkAsync();
        await _rig.Store.CancelAsync(batch.Id, Token);
        await PassAsync(BatchSubmitter.FirstWatchDelay);

        Assert.Contains(
            """
            "state":"canceled","total":3,"counts":{"succeeded":1,"failed":0,"canceled":2}
            """,
            _server.Bodies.Single(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_receiver_is_not_called_before_the_end()
    {
        _rig.Sources["away.jpg"] = new IOException("The disk is unavailable.");
        var batch = await SubmitAsync(Address, "cat.jpg", "away.jpg");
        await _rig.WorkAsync();
        await PassAsync(BatchSubmitter.FirstWatchDelay);

        Assert.Null(await _rig.Callbacks.FindAsync(batch.Id, Token));
        Assert.Equal(0, Calls);
    }

    [Fact]
    public async Task A_failing_receiver_is_called_again_after_growing_delays_for_about_a_day()
    {
        _server.Answer(Page, Busy);
        var batch = await EndAsync();
        var delays = new List<TimeSpan>();
        while (await _rig.Callbacks.FindAsync(batch.Id, Token) is { NextAttemptAt: { } next })
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
    public async Task Each_attempt_has_the_same_body_and_id_and_its_own_time()
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
    public async Task A_receiver_that_recovers_gets_the_callback()
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
    public async Task A_receiver_can_ask_for_a_longer_delay_up_to_an_hour(string retryAfter, int seconds)
    {
        _server.Answer(Page, $"HTTP/1.1 429 Slow down\r\nRetry-After: {retryAfter}\r\nContent-Length: 0\r\n\r\n");

        var batch = await EndAsync();

        Assert.Equal(_rig.Clock.GetUtcNow().AddSeconds(seconds), (await FindAsync(batch)).Next);
    }

    [Fact]
    public async Task A_receiver_that_answers_410_is_not_called_again()
    {
        _server.Answer(Page, "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n");

        var batch = await EndAsync();

        Assert.Equal((CallbackState.Failed, 1, 410, "The receiver answered 410.", null), await FindAsync(batch));
        Assert.Equal(0, _rig.Queue.Count);
    }

    [Fact]
    public async Task The_log_contains_the_batch_id_and_no_address()
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
}
