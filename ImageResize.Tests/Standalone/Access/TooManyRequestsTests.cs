using System.Threading.RateLimiting;
using ImageResize.Functions.Standalone.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Standalone.Access;

/// <summary>A flood has the rate of its connections: what is over a caller's share is answered a second late.</summary>
public sealed class TooManyRequestsTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly TooManyRequests _refusal = new();
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task The_answer_waits_a_second_and_leaves_when_the_caller_does()
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
    public async Task So_many_wait_and_one_more_is_answered_at_once()
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
