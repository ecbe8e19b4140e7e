using System.Diagnostics;
using System.Security.Cryptography;
using ImageResize.Core.Idempotency;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Storage;

/// <summary>What every store of idempotency keys promises. Each store runs the same tests.</summary>
public abstract class KeyStoreTests
{
    private static readonly TimeSpan LongAgo = TimeSpan.FromSeconds(2);

    private readonly IdempotencyKey _key = IdempotencyKey.Of("", Guid.NewGuid().ToString());

    internal abstract IKeyStore Store { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_that_nobody_used_is_not_found() => Assert.Null(await Store.FindAsync(_key, Token));

    [Fact]
    public async Task Of_a_hundred_who_add_a_key_one_is_first()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Store.FindAddedAsync(_key, new KeyState(), Token)));

        Assert.Equal((await Store.FindAsync(_key, Token))?.Version, Assert.Single(added, state => state is not null)!.Version);
    }

    [Fact]
    public async Task An_answer_comes_back_byte_for_byte()
    {
        var answer = AnswerOf(RandomNumberGenerator.GetBytes(300));

        await AddAnsweredAsync(answer);

        AssertSame(answer, (await Store.FindAsync(_key, Token))?.Answer);
    }

    [Fact]
    public async Task The_largest_answer_fits()
    {
        var answer = AnswerOf(RandomNumberGenerator.GetBytes(Answer.MostBytes));

        await AddAnsweredAsync(answer);

        AssertSame(answer, (await Store.FindAsync(_key, Token))?.Answer);
    }

    [Fact]
    public async Task Of_two_who_replace_the_same_state_one_is_first()
    {
        var seen = await Store.FindAddedAsync(_key, new KeyState(), Token);

        var first = await Store.FindReplacedAsync(_key, seen!, Token);
        var second = await Store.FindReplacedAsync(_key, seen! with { Answer = AnswerOf([]) }, Token);

        Assert.Null(second);
        Assert.Equal(first?.Version, (await Store.FindAsync(_key, Token))?.Version);
    }

    [Fact]
    public async Task A_key_that_is_gone_is_not_replaced()
    {
        var seen = await Store.FindAddedAsync(_key, new KeyState(), Token);
        await Store.RemoveAsync(_key, seen!, Token);

        Assert.Null(await Store.FindReplacedAsync(_key, seen!, Token));
        Assert.Null(await Store.FindAsync(_key, Token));
    }

    [Fact]
    public async Task A_key_is_freed_only_by_who_has_it()
    {
        var old = await Store.FindAddedAsync(_key, new KeyState(), Token);
        var taken = await Store.FindReplacedAsync(_key, old!, Token);

        await Store.RemoveAsync(_key, old!, Token);
        Assert.Equal(taken?.Version, (await Store.FindAsync(_key, Token))?.Version);

        await Store.RemoveAsync(_key, taken!, Token);
        await Store.RemoveAsync(_key, taken!, Token);
        Assert.Null(await Store.FindAsync(_key, Token));
    }

    [Fact]
    public async Task A_state_grows_old_until_it_is_replaced()
    {
        var seen = await Store.FindAddedAsync(_key, new KeyState(), Token);

        await Eventually.Async(async () => (await Store.FindAsync(_key, Token))!.Age > LongAgo);
        var sinceReplaced = Stopwatch.StartNew();
        await Store.FindReplacedAsync(_key, seen!, Token);

        Assert.True((await Store.FindAsync(_key, Token))!.Age < sinceReplaced.Elapsed + LongAgo / 2);
    }

    [Fact]
    public async Task Old_keys_are_removed_and_others_stay()
    {
        var keys = Enumerable.Range(0, 40).Select(i => IdempotencyKey.Of("", $"{_key} {i}")).ToList();
        foreach (var key in keys)
        {
            await Store.FindAddedAsync(key, new KeyState(), Token);
        }

        await Store.RemoveOlderAsync(TimeSpan.FromHours(1), Token);
        Assert.Equal(keys.Count, await CountAsync());

        await Eventually.Async(async () =>
        {
            await Store.RemoveOlderAsync(LongAgo, Token);
            return await CountAsync() == 0;
        });

        async Task<int> CountAsync() => (await Task.WhenAll(keys.Select(key => Store.FindAsync(key, Token)))).Count(state => state is not null);
    }

    [Fact]
    public async Task Removing_from_an_empty_store_does_nothing() => await Store.RemoveOlderAsync(TimeSpan.Zero, Token);

    private static Answer AnswerOf(byte[] body) =>
        new(202, new Dictionary<string, string> { ["Location"] = "/v1/jobs/é", ["Retry-After"] = "1" }, body, "abc");

    private async Task AddAnsweredAsync(Answer answer)
    {
        var ours = await Store.FindAddedAsync(_key, new KeyState(), Token);
        Assert.NotNull(await Store.FindReplacedAsync(_key, ours! with { Answer = answer }, Token));
    }

    private static void AssertSame(Answer expected, Answer? found)
    {
        Assert.NotNull(found);
        Assert.Equal((expected.Status, expected.Request), (found.Status, found.Request));
        Assert.Equal(expected.Headers, found.Headers);
        Assert.Equal(expected.Body.ToArray(), found.Body.ToArray());
    }
}
