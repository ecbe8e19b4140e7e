using System.Diagnostics;
using System.Security.Cryptography;
using ImageResize.Core.Idempotency;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Storage.Tables;

/// <summary>The contract of idempotency stores. Each store runs the same tests.</summary>
public abstract class IdempotencyStoreTests
{
    private static readonly TimeSpan LongAgo = TimeSpan.FromSeconds(2);

    private readonly IdempotencyKey _key = IdempotencyKey.Of("", Guid.NewGuid().ToString());

    internal abstract IIdempotencyStore Store { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_unused_key_is_not_found() => Assert.Null(await Store.FindAsync(_key, Token));

    [Fact]
    public async Task One_of_a_hundred_requests_adds_a_key()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Store.TryAddAsync(_key, new KeyState(), Token)));

        Assert.Equal((await Store.FindAsync(_key, Token))?.Version, Assert.Single(added, state => state is not null)!.Version);
    }

    [Fact]
    public async Task A_response_is_read_byte_for_byte()
    {
        var response = ResponseOf(RandomNumberGenerator.GetBytes(300));

        await AddResponseAsync(response);

        AssertSame(response, (await Store.FindAsync(_key, Token))?.Response);
    }

    [Fact]
    public async Task The_largest_response_is_stored()
    {
        var response = ResponseOf(RandomNumberGenerator.GetBytes(StoredResponse.MaxBytes));

        await AddResponseAsync(response);

        AssertSame(response, (await Store.FindAsync(_key, Token))?.Response);
    }

    [Fact]
    public async Task One_of_two_requests_replaces_a_state()
    {
        var seen = await Store.TryAddAsync(_key, new KeyState(), Token);

        var first = await Store.TryReplaceAsync(_key, seen!, Token);
        var second = await Store.TryReplaceAsync(_key, seen! with { Response = ResponseOf([]) }, Token);

        Assert.Null(second);
        Assert.Equal(first?.Version, (await Store.FindAsync(_key, Token))?.Version);
    }

    [Fact]
    public async Task A_removed_key_is_not_replaced()
    {
        var seen = await Store.TryAddAsync(_key, new KeyState(), Token);
        await Store.RemoveAsync(_key, seen!, Token);

        Assert.Null(await Store.TryReplaceAsync(_key, seen!, Token));
        Assert.Null(await Store.FindAsync(_key, Token));
    }

    [Fact]
    public async Task A_key_is_removed_only_by_its_latest_version()
    {
        var old = await Store.TryAddAsync(_key, new KeyState(), Token);
        var taken = await Store.TryReplaceAsync(_key, old!, Token);

        await Store.RemoveAsync(_key, old!, Token);
        Assert.Equal(taken?.Version, (await Store.FindAsync(_key, Token))?.Version);

        await Store.RemoveAsync(_key, taken!, Token);
        await Store.RemoveAsync(_key, taken!, Token);
        Assert.Null(await Store.FindAsync(_key, Token));
    }

    [Fact]
    public async Task The_age_of_a_state_starts_again_when_it_is_replaced()
    {
        var seen = await Store.TryAddAsync(_key, new KeyState(), Token);

        await Eventually.Async(async () => (await Store.FindAsync(_key, Token))!.Age > LongAgo);
        var sinceReplaced = Stopwatch.StartNew();
        await Store.TryReplaceAsync(_key, seen!, Token);

        Assert.True((await Store.FindAsync(_key, Token))!.Age < sinceReplaced.Elapsed + LongAgo / 2);
    }

    [Fact]
    public async Task Only_old_keys_are_removed()
    {
        var keys = Enumerable.Range(0, 40).Select(i => IdempotencyKey.Of("", $"{_key} {i}")).ToList();
        foreach (var key in keys)
        {
            await Store.TryAddAsync(key, new KeyState(), Token);
        }

        await Store.RemoveOlderAsync(TimeSpan.FromHours(1), Token);
        Assert.Equal(keys.Count, await CountAsync());

        await Eventually.Async(async () =>
        {
            await Store.RemoveOlderAsync(LongAgo, Token);
            return await CountAsync() == 0;
        });

        async Task<int> CountAsync()
        {
            var states = await Task.WhenAll(keys.Select(key => Store.FindAsync(key, Token)));

            return states.Count(state => state is not null);
        }
    }

    [Fact]
    public async Task Removing_from_an_empty_store_does_nothing() => await Store.RemoveOlderAsync(TimeSpan.Zero, Token);

    private static StoredResponse ResponseOf(byte[] body) =>
        new(202, new Dictionary<string, string> { ["Location"] = "/v1/jobs/é", ["Retry-After"] = "1" }, body, "abc");

    private async Task AddResponseAsync(StoredResponse response)
    {
        var ours = await Store.TryAddAsync(_key, new KeyState(), Token);
        Assert.NotNull(await Store.TryReplaceAsync(_key, ours! with { Response = response }, Token));
    }

    private static void AssertSame(StoredResponse expected, StoredResponse? found)
    {
        Assert.NotNull(found);
        Assert.Equal((expected.Status, expected.Request), (found.Status, found.Request));
        Assert.Equal(expected.Headers, found.Headers);
        Assert.Equal(expected.Body.ToArray(), found.Body.ToArray());
    }
}
