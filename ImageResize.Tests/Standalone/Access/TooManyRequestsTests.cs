using System.Threading.RateLimiting;
using ImageResize.Functions.Standalone.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Standalone.Access;

/// <summary>Responses to requests over a caller's limit are delayed by a second.</summary>
public sealed class TooManyRequestsTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly TooManyRequests _refusal = new();
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task The_response_is_delayed_by_a_second_or_until_the_caller_disconnects()
    {
        using var hungUp = new CancellationTokenSource();
        var (patient, gone) = (Request(Token), Request(hungUp.Token));
        var (answer, noAnswer) = (Answer(patient), Answer(gone));

        await hungUp.CancelAsync();
        await noAnswer;
        Assert.False(answer.IsCompleted);
        _clock.Advance(Second);
        await answer;

        Assert.Equal((429, "1"), (patient.Response.StatusCode, patient.Response.Headers.RetryAfter.ToString()));
        Assert.Equal(200, gone.Response.StatusCode);
    }

    [Fact]
    public async Task Delayed_responses_are_limited_and_one_more_is_sent_at_once()
    {
        var waiting = Enumerable.Range(0, 500).Select(_ => Answer(Request(Token))).ToList();

        var oneMore = Answer(Request(Token));

        Assert.True(oneMore.IsCompleted);
        Assert.All(waiting, answer => Assert.False(answer.IsCompleted));
        _clock.Advance(Second);
        await Task.WhenAll(waiting);
        Assert.False(Answer(Request(Token)).IsCompleted);
    }

    private Task Answer(HttpContext request) => _refusal.AnswerAsync(request, Refused()).AsTask();

    private DefaultHttpContext Request(CancellationToken hungUp) => new()
    {
        RequestServices = new ServiceCollection().AddSingleton<TimeProvider>(_clock).BuildServiceProvider(),
        RequestAborted = hungUp,
    };

    private static RateLimitLease Refused()
    {
        using var limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = 0 });
        using var only = limiter.AttemptAcquire();

        return limiter.AttemptAcquire();
    }
}
