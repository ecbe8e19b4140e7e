using ImageResize.Core.Idempotency;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Idempotency;

/// <summary>Who answers, who waits, and when a key is free again; at times that the test sets, the store's ten minutes off the instance's.</summary>
public sealed class FirstAnswersTests
{
    private static readonly IdempotencyKey Key = IdempotencyKey.Of("", "key");

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 23, 59, 50, TimeSpan.Zero));
    private readonly FakeTimeProvider _storesClock = new(new DateTimeOffset(2026, 11, 23, 23, 49, 50, TimeSpan.Zero));
    private readonly InMemoryKeyStore _store;
    private readonly FirstAnswers _answers;
    private int _asked;

    public FirstAnswersTests()
    {
        _store = new InMemoryKeyStore(_storesClock);
        _answers = new FirstAnswers(_store, _clock, NullLogger<FirstAnswers>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_answer_is_given_again_for_a_day_across_midnight()
    {
        var first = await AskAsync();

        Advance(FirstAnswers.Kept - TimeSpan.FromSeconds(1));
        await _answers.RemoveOutdatedAsync(Token);

        Assert.Same(first, await AskAsync());
    }

    [Fact]
    public async Task After_a_day_the_key_is_free_swept_or_not()
    {
        var first = await AskAsync();

        Advance(FirstAnswers.Kept);
        var second = await AskAsync();
        Advance(FirstAnswers.Kept + TimeSpan.FromSeconds(1));
        await _answers.RemoveOutdatedAsync(Token);

        Assert.NotSame(first, second);
        Assert.Null(await _store.FindAsync(Key, Token));
    }

    [Fact]
    public async Task Other_keys_and_other_callers_have_other_answers()
    {
        var first = await AskAsync();

        Assert.NotSame(first, await AskAsync(IdempotencyKey.Of("", "key2")));
        Assert.NotSame(first, await AskAsync(IdempotencyKey.Of("anna", "key")));
        Assert.NotEqual(IdempotencyKey.Of("anna", "key"), IdempotencyKey.Of("ann", "akey"));
    }

    [Fact]
    public async Task Who_comes_while_the_first_is_at_work_waits_for_its_answer()
    {
        var work = new TaskCompletionSource<Answer>();
        var first = AskAsync(work.Task);
        var second = AskAsync();

        work.SetResult(AnswerOf(200));

        Assert.Same(await first, await PassingTimeAsync(second));
        Assert.Equal(1, _asked);
    }

    [Theory]
    [InlineData(-30)]
    [InlineData(5)]
    public async Task An_instance_whose_clock_is_minutes_off_waits_for_the_answer_too(int minutes)
    {
        var itsClock = new FakeTimeProvider(_clock.GetUtcNow().AddMinutes(minutes));
        var instance = new FirstAnswers(_store, itsClock, NullLogger<FirstAnswers>.Instance);
        var work = new TaskCompletionSource<Answer>();
        var first = AskAsync(work.Task);
        var second = AskAsync(instance, Key);

        work.SetResult(AnswerOf(200));
        await Eventually.Async(() =>
        {
            itsClock.Advance(TimeSpan.FromMilliseconds(100));
            return second.IsCompleted;
        });

        Assert.Same(await first, await second);
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task Who_has_waited_ten_seconds_goes_without()
    {
        var work = new TaskCompletionSource<Answer>();
        var first = AskAsync(work.Task);
        var started = _clock.GetUtcNow();

        Assert.Null(await PassingTimeAsync(AskAsync()));
        Assert.True(_clock.GetUtcNow() - started >= FirstAnswers.LongestWait);
        work.SetResult(AnswerOf(200));
        await first;
    }

    [Fact]
    public async Task A_request_that_takes_long_keeps_its_key()
    {
        var work = new TaskCompletionSource<Answer>();
        var first = AskAsync(work.Task);
        var started = _clock.GetUtcNow();
        while (_clock.GetUtcNow() - started < FirstAnswers.Lease * 3)
        {
            var version = (await _store.FindAsync(Key, Token))!.Version;
            await Eventually.Async(async () =>
            {
                Advance(TimeSpan.FromSeconds(5));
                return (await _store.FindAsync(Key, Token))!.Version != version;
            });
        }

        Assert.Null(await PassingTimeAsync(AskAsync()));
        work.SetResult(AnswerOf(200));
        Assert.Same(await first, await AskAsync());
    }

    [Fact]
    public async Task The_key_of_a_request_that_died_is_free_when_its_lease_has_run_out()
    {
        await _store.FindAddedAsync(Key, new KeyState(), Token);

        Assert.Null(await PassingTimeAsync(AskAsync()));
        Advance(FirstAnswers.Lease);

        Assert.NotNull(await AskAsync());
    }

    [Fact]
    public async Task Of_those_who_wait_for_a_dead_request_one_takes_over()
    {
        await _store.FindAddedAsync(Key, new KeyState(), Token);
        Advance(FirstAnswers.Lease - FirstAnswers.LongestWait / 2);

        var answers = await PassingTimeAsync(Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync())));

        Assert.Equal(1, _asked);
        Assert.Single(answers.Distinct());
    }

    [Fact]
    public async Task A_fault_frees_the_key()
    {
        await Assert.ThrowsAsync<IOException>(() => AskAsync(Task.FromException<Answer>(new IOException())));

        Assert.NotNull(await AskAsync());
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task An_answer_that_must_not_be_kept_is_given_and_frees_the_key()
    {
        var busy = AnswerOf(503) with { Request = null };

        Assert.Same(busy, await AskAsync(Task.FromResult(busy)));
        Assert.Equal(200, (await AskAsync())!.Status);
    }

    [Fact]
    public async Task A_late_answer_does_not_replace_the_one_that_stands()
    {
        var work = new TaskCompletionSource<Answer>();
        var late = AskAsync(work.Task);
        var taken = await _store.FindReplacedAsync(Key, (await _store.FindAsync(Key, Token))!, Token);
        var standing = AnswerOf(200);
        await _store.FindReplacedAsync(Key, taken! with { Answer = standing }, Token);

        work.SetResult(AnswerOf(201));

        Assert.Equal(201, (await late)!.Status);
        Assert.Same(standing, await AskAsync());
    }

    [Fact]
    public async Task Storage_that_goes_away_at_work_does_not_take_the_answer_with_it()
    {
        var work = new TaskCompletionSource<Answer>();
        var first = AskAsync(work.Task);
        _store.Fault = new IOException();

        work.SetResult(AnswerOf(200));

        Assert.Equal(200, (await first)!.Status);
    }

    [Fact]
    public async Task Storage_that_is_away_is_a_fault()
    {
        _store.Fault = new IOException();

        await Assert.ThrowsAsync<IOException>(() => AskAsync());
        Assert.Equal(0, _asked);
    }

    private static Answer AnswerOf(int status) => new(status, new Dictionary<string, string>(), default, "request");

    private Task<Answer?> AskAsync(Task<Answer>? work = null) => AskAsync(Key, work);

    private Task<Answer?> AskAsync(IdempotencyKey key, Task<Answer>? work = null) => AskAsync(_answers, key, work);

    private Task<Answer?> AskAsync(FirstAnswers instance, IdempotencyKey key, Task<Answer>? work = null) => instance.FindAsync(
        key,
        () =>
        {
            Interlocked.Increment(ref _asked);
            return work ?? Task.FromResult(AnswerOf(200));
        },
        Token);

    private void Advance(TimeSpan time)
    {
        _clock.Advance(time);
        _storesClock.Advance(time);
    }

    /// <summary>Lets time pass until the task has ended.</summary>
    private async Task<T> PassingTimeAsync<T>(Task<T> task)
    {
        await Eventually.Async(() =>
        {
            Advance(TimeSpan.FromMilliseconds(100));
            return task.IsCompleted;
        });

        return await task;
    }
}
