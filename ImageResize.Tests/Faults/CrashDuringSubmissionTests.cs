using ImageResize.Tests.Support;

namespace ImageResize.Tests.Faults;

/// <summary>The program is killed while a batch is stored or listed, at a request to storage, which never arrives.</summary>
public sealed class CrashDuringSubmissionTests(Azurite azurite)
{
    private const int Listed = 2_500;

    /// <summary>With names of this length, one transaction contains about 1,200 items of a listing.</summary>
    private const int FirstSliceOfSecondChunk = 12;

    private static readonly string s_deep = string.Join('/', Enumerable.Repeat(new string('d', 100), 18));

    [Fact]
    public async Task A_crash_between_two_slice_rows_leaves_no_batch_and_the_repeated_request_creates_it()
    {
        await using var run = await StartAsync();
        var random = new Random(1);
        var items = string.Join('\n', Enumerable.Range(0, 2_000).Select(_ => CrashRun.Measure(NewMissingName(random))));
        var crash = run.Table.KillAt(
            request => IsTransaction(request) && request.Contains("slice-00017", StringComparison.Ordinal),
            run.App.KillAsync);

        await Assert.ThrowsAsync<HttpRequestException>(() => run.SubmitAsync(items));
        await crash;
        Assert.NotEmpty(await run.RowsAsync("slice-00000"));
        Assert.Empty(await run.RowsAsync("batch"));
        await run.WaitUntilReadyAsync();
        await run.SubmitAsync(items);

        await run.AssertEndedAsync(2_000, failed: 2_000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_listing_continues_after_a_crash(bool isFolder)
    {
        await using var run = await StartAsync();
        var crash = run.Table.KillAt(
            request => IsTransaction(request) && request.Contains($"slice-{FirstSliceOfSecondChunk:D5}", StringComparison.Ordinal),
            run.App.KillAsync);

        await SubmitManyAsync(run, isFolder);
        await crash;

        await run.AssertEndedAsync(Listed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_crash_between_the_rows_of_a_listing_and_their_messages_the_watch_sends_the_messages(bool isFolder)
    {
        await using var run = await StartAsync();
        var crash = run.Queue.KillAt(request => run.IsBulkPut(request), run.App.KillAsync, occurrence: 2);

        await SubmitManyAsync(run, isFolder);
        await crash;

        await run.AssertEndedAsync(Listed);
    }

    [Fact]
    public async Task After_a_crash_between_the_rows_of_a_small_batch_and_their_messages_the_watch_sends_the_messages()
    {
        await using var run = await StartAsync();
        run.Images.Write("a.png", CrashRun.SmallImage);
        var crash = run.Queue.KillAt(request => run.IsBulkPut(request), run.App.KillAsync);

        await Assert.ThrowsAsync<HttpRequestException>(
            () => run.SubmitAsync(string.Join('\n', Enumerable.Repeat(CrashRun.Measure("a.png"), 30))));
        await crash;

        await run.AssertEndedAsync(30);
    }

    private Task<CrashRun> StartAsync() => CrashRun.StartAsync(azurite);

    private static async Task SubmitManyAsync(CrashRun run, bool isFolder)
    {
        for (var i = 0; i < (isFolder ? Listed : 1); i++)
        {
            run.Images.Write($"{s_deep}/{i:D4}.png", CrashRun.SmallImage);
        }

        try
        {
            await (isFolder ? run.SubmitFolderAsync(s_deep)
                : run.SubmitAsync(string.Join('\n', Enumerable.Repeat(CrashRun.Measure($"{s_deep}/0000.png"), Listed))));
        }
        catch (HttpRequestException)
        {
            // The program was killed before it answered. The same rows are stored.
        }
    }

    /// <summary>Random names do not compress, so that the rows need a second transaction.</summary>
    private static string NewMissingName(Random random) => string.Join('/', Enumerable.Range(0, 18)
        .Select(_ => random.GetString("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", 100)));

    private static bool IsTransaction(string request) =>
        request.StartsWith("POST ", StringComparison.Ordinal)
            && request.AsSpan(0, request.IndexOf('\n')).Contains("$batch", StringComparison.Ordinal);
}
