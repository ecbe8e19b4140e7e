using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Idempotency;

/// <summary>Has every key answered once: the first request with it does the work, the others get that answer for a day.</summary>
public sealed partial class FirstAnswers(IKeyStore keys, TimeProvider clock, ILogger<FirstAnswers> logger)
{
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>How long a request whose process died keeps its key. One that lives renews it, however long it takes.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>The caller waits for it, often while storage is away; the lease frees the key anyway.</summary>
    private static readonly TimeSpan LongestRemoval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Renewal = Lease / 3;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>Gives the answer kept, or answers and keeps it. If that throws, or may not be kept, the key is free again.</summary>
    /// <returns>Null when another request is still at work on it after <see cref="LongestWait"/>.</returns>
    public async Task<Answer?> FindAsync(IdempotencyKey key, Func<Task<Answer>> answerAsync, CancellationToken cancellationToken)
    {
        var state = await FindTurnAsync(key, cancellationToken);

        return state is { Answer: null } ? await AnswerAsync(key, state, answerAsync) : state?.Answer;
    }

    public Task RemoveOutdatedAsync(CancellationToken cancellationToken) => keys.RemoveOlderAsync(Kept, cancellationToken);

    /// <returns>A state with an answer, one without that is now ours to answer, or null: still another's.</returns>
    private async Task<KeyState?> FindTurnAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var turn = await keys.FindAddedAsync(key, new KeyState(), cancellationToken) ?? await LookAsync(key, cancellationToken);
        for (var pause = ShortestPause; turn is null && clock.GetElapsedTime(started) < LongestWait;)
        {
            await Task.Delay(pause, clock, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            turn = await LookAsync(key, cancellationToken);
        }

        return turn;
    }

    private async Task<KeyState?> LookAsync(IdempotencyKey key, CancellationToken cancellationToken) =>
        await keys.FindAsync(key, cancellationToken) switch
        {
            null => await keys.FindAddedAsync(key, new KeyState(), cancellationToken),
            { } outdated when outdated.Age >= (outdated.Answer is null ? Lease : Kept) =>
                await keys.FindReplacedAsync(key, outdated with { Answer = null }, cancellationToken),
            { Answer: not null } answered => answered,
            _ => null,
        };

    private async Task<Answer> AnswerAsync(IdempotencyKey key, KeyState ours, Func<Task<Answer>> answerAsync)
    {
        using var end = new CancellationTokenSource();
        var renewing = RenewAsync(key, ours, end.Token);
        Answer? answer = null;
        try
        {
            return answer = await answerAsync();
        }
        finally
        {
            await end.CancelAsync();
            await EndAsync(key, await renewing, answer);
        }
    }

    /// <summary>Keeps the key ours while the work lasts. A fault does not stop it: the lease outlives two failed renewals.</summary>
    private async Task<KeyState> RenewAsync(IdempotencyKey key, KeyState ours, CancellationToken end)
    {
        while (true)
        {
            await Task.Delay(Renewal, clock, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (end.IsCancellationRequested)
            {
                return ours;
            }

            try
            {
                ours = await keys.FindReplacedAsync(key, ours, CancellationToken.None) ?? ours;
            }
            catch (Exception fault)
            {
                LogFault(key, fault.Message.Split('\n')[0]);
            }
        }
    }

    /// <summary>The work is done, so its answer is given in any case: after a fault here a repeat is not known as one.</summary>
    private async Task EndAsync(IdempotencyKey key, KeyState ours, Answer? answer)
    {
        try
        {
            if (answer?.Request is null)
            {
                using var soon = new CancellationTokenSource(LongestRemoval, clock);
                await keys.RemoveAsync(key, ours, soon.Token);
            }
            else
            {
                await keys.FindReplacedAsync(key, ours with { Answer = answer }, CancellationToken.None);
            }
        }
        catch (Exception fault)
        {
            LogFault(key, fault.Message.Split('\n')[0]);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The idempotency key with hash {Key} could not be kept: {Reason}")]
    private partial void LogFault(IdempotencyKey key, string reason);
}
