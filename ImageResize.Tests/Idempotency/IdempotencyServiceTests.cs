using ImageResize.Core.Idempotency;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Idempotency;

/// <summary>
/// Which request is processed, which waits, and when a key is free again. The store's clock is ten minutes behind the instance's.
/// </summary>
public sealed class IdempotencyServiceTests
{
    private static readonly IdempotencyKey Key = IdempotencyKey.Of("", "key");

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 23, 59, 50, TimeSpan.Zero));
    private readonly FakeTimeProvider _storesClock = new(new DateTimeOffset(2026, 11, 23, 23, 49, 50, TimeSpan.Zero));
    private readonly InMemoryIdempotencyStore _store;
    private readonly IdempotencyService _service;
    private int _asked;

    public IdempotencyServiceTests()
    {
        _store = new InMemoryIdempotencyStore(_storesClock);
        _service = new IdempotencyService(_store, _clock, NullLogger<IdempotencyService>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_response_is_returned_for_a_day_across_midnight()
    {
        var first = await AskAsync();

        Advance(IdempotencyService.Retention - TimeSpan.FromSeconds(1));
        await _service.RemoveExpiredAsync(Token);

        Assert.Same(first, await AskAsync());
    }

    [Fact]
    public async Task After_a_day_the_key_is_free_even_before_it_is_removed()
    {
        var first = await AskAsync();

        Advance(IdempotencyService.Retention);
        var second = await AskAsync();
        Advance(IdempotencyService.Retention + TimeSpan.FromSeconds(1));
        await _service.RemoveExpiredAsync(Token);

        Assert.NotSame(first, second);
        Assert.Null(await _store.FindAsync(Key, Token));
    }

    [Fact]
    public async Task Other_keys_and_other_callers_have_other_responses()
    {
        var first = await AskAsync();

        Assert.NotSame(first, await AskAsync(IdempotencyKey.Of("", "key2")));
        Assert.NotSame(first, await AskAsync(IdempotencyKey.Of("anna", "key")));
        Assert.NotEqual(IdempotencyKey.Of("anna", "key"), IdempotencyKey.Of("ann", "akey"));
    }

    [Fact]
    public async Task A_repeated_request_waits_for_the_response_of_the_first()
    {
        var work = new TaskCompletionSource<StoredResponse>();
        var first = AskAsync(work.Task);
        var second = AskAsync();

        work.SetResult(ResponseOf(200));

        Assert.Same(await first, await PassingTimeAsync(second));
        Assert.Equal(1, _asked);
    }

    [Theory]
    [InlineData(-30)]
    [InlineData(5)]
    public async Task An_instance_with_a_wrong_clock_waits_for_the_response_too(int minutes)
    {
        var itsClock = new FakeTimeProvider(_clock.GetUtcNow().AddMinutes(minutes));
        var instance = new IdempotencyService(_store, itsClock, NullLogger<IdempotencyService>.Instance);
        var work = new TaskCompletionSource<StoredResponse>();
        var first = AskAsync(work.Task);
        var second = AskAsync(instance, Key);

        work.SetResult(ResponseOf(200));
        await Eventually.Async(() =>
        {
            itsClock.Advance(TimeSpan.FromMilliseconds(100));
            return second.IsCompleted;
        });

        Assert.Same(await first, await second);
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task A_repeated_request_gives_up_after_ten_seconds()
    {
        var work = new TaskCompletionSource<StoredResponse>();
        var first = AskAsync(work.Task);
        var started = _clock.GetUtcNow();

        Assert.Null(await PassingTimeAsync(AskAsync()));
        Assert.True(_clock.GetUtcNow() - started >= IdempotencyService.WaitTimeout);
        work.SetResult(ResponseOf(200));
        await first;
    }

    [Fact]
    public async Task A_long_request_keeps_its_key()
    {
        var work = new TaskCompletionSource<StoredResponse>();
        var first = AskAsync(work.Task);
        var started = _clock.GetUtcNow();
        while (_clock.GetUtcNow() - started < IdempotencyService.Lease * 3)
        {
            var version = (await _store.FindAsync(Key, Token))!.Version;
            await Eventually.Async(async () =>
            {
                Advance(TimeSpan.FromSeconds(5));
                return (await _store.FindAsync(Key, Token))!.Version != version;
            });
        }

        Assert.Null(await PassingTimeAsync(AskAsync()));
        work.SetResult(ResponseOf(200));
        Assert.Same(await first, await AskAsync());
    }

    [Fact]
    public async Task The_key_of_an_abandoned_request_is_free_after_its_lease()
    {
        await _store.TryAddAsync(Key, new KeyState(), Token);

        Assert.Null(await PassingTimeAsync(AskAsync()));
        Advance(IdempotencyService.Lease);

        Assert.NotNull(await AskAsync());
    }

    [Fact]
    public async Task One_of_the_requests_that_wait_for_an_abandoned_request_takes_over()
    {
        await _store.TryAddAsync(Key, new KeyState(), Token);
        Advance(IdempotencyService.Lease - IdempotencyService.WaitTimeout / 2);

        var responses = await PassingTimeAsync(Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync())));

        Assert.Equal(1, _asked);
        Assert.Single(responses.Distinct());
    }

    [Fact]
    public async Task A_fault_frees_the_key()
    {
        await Assert.ThrowsAsync<IOException>(() => AskAsync(Task.FromException<StoredResponse>(new IOException())));

        Assert.NotNull(await AskAsync());
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task A_response_that_must_not_be_stored_frees_the_key()
    {
        var busy = ResponseOf(503) with { Request = null };

        Assert.Same(busy, await AskAsync(Task.FromResult(busy)));
        Assert.Equal(200, (await AskAsync())!.Status);
    }

    [Fact]
    public async Task A_late_response_does_not_replace_the_stored_one()
    {
        var work = new TaskCompletionSource<StoredResponse>();
        var late = AskAsync(work.Task);
        var taken = await _store.TryReplaceAsync(Key, (await _store.FindAsync(Key, Token))!, Token);
        var standing = ResponseOf(200);
        await _store.TryReplaceAsync(Key, taken! with { Response = standing }, Token);

        work.SetResult(ResponseOf(201));

        Assert.Equal(201, (await late)!.Status);
        Assert.Same(standing, await AskAsync());
    }

    [Fact]
    public async Task The_response_is_returned_if_storage_fails_during_the_request()
    {
        var work = new TaskCompletionSource<StoredResponse>();
        var first = AskAsync(work.Task);
        _store.Fault = new IOException();

        work.SetResult(ResponseOf(200));

        Assert.Equal(200, (await first)!.Status);
    }

    [Fact]
    public async Task A_request_fails_if_storage_is_unavailable()
    {
        _store.Fault = new IOException();

        await Assert.ThrowsAsync<IOException>(() => AskAsync());
        Assert.Equal(0, _asked);
    }

    private static StoredResponse ResponseOf(int status) => new(status, new Dictionary<string, string>(), default, "request");

    private Task<StoredResponse?> AskAsync(Task<StoredResponse>? work = null) => AskAsync(Key, work);

    private Task<StoredResponse?> AskAsync(IdempotencyKey key, Task<StoredResponse>? work = null) => AskAsync(_service, key, work);

    private Task<StoredResponse?> AskAsync(IdempotencyService instance, IdempotencyKey key, Task<StoredResponse>? work = null)
    {
        return instance.GetOrProcessAsync(key, ProcessAsync, Token);

        Task<StoredResponse> ProcessAsync()
        {
            Interlocked.Increment(ref _asked);

            return work ?? Task.FromResult(ResponseOf(200));
        }
    }

    private void Advance(TimeSpan time)
    {
        _clock.Advance(time);
        _storesClock.Advance(time);
    }

    /// <summary>Advances the clocks until the task has ended.</summary>
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
