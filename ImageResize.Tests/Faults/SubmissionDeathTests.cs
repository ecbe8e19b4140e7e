using ImageResize.Tests.Support;

namespace ImageResize.Tests.Faults;

/// <summary>kill -9 while a batch is stored or listed: at one request to storage, which then never arrives.</summary>
public sealed class SubmissionDeathTests(Azurite azurite)
{
    private const int Listed = 2_500;

    /// <summary>With names as long as these, one transaction holds some 1,200 items of a listing.</summary>
    private const int FirstSliceOfSecondChunk = 12;

    private static readonly string s_deep = string.Join('/', Enumerable.Repeat(new string('d', 100), 18));

    [Fact]
    public async Task Between_two_slice_rows_the_batch_has_never_been_and_the_same_request_makes_it()
    {
        await using var run = await StartAsync();
        var random = new Random(1);
        var items = string.Join('\n', Enumerable.Range(0, 2_000).Select(_ => DeathRun.Measure(NoTwoAlike(random))));
        var death = run.Table.KillAt(
            request => IsTransaction(request) && request.Contains("slice-00017", StringComparison.Ordinal),
            run.App.KillAsync);

        await Assert.ThrowsAsync<HttpRequestException>(() => run.SubmitAsync(items));
        await death;
        Assert.NotEmpty(await run.RowsAsync("slice-00000"));
        Assert.Empty(await run.RowsAsync("batch"));
        await run.UntilUpAsync();
        await run.SubmitAsync(items);

        await run.AssertEndedAsync(2_000, failed: 2_000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_the_middle_of_listing_the_next_one_goes_on(bool isFolder)
    {
        await using var run = await StartAsync();
        var death = run.Table.KillAt(
            request => IsTransaction(request) && request.Contains($"slice-{FirstSliceOfSecondChunk:D5}", StringComparison.Ordinal),
            run.App.KillAsync);

        await SubmitManyAsync(run, isFolder);
        await death;

        await run.AssertEndedAsync(Listed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Between_the_rows_of_a_listing_and_their_messages_the_watch_puts_them(bool isFolder)
    {
        await using var run = await StartAsync();
        var death = run.Queue.KillAt(request => run.IsBulkPut(request), run.App.KillAsync, occurrence: 2);

        await SubmitManyAsync(run, isFolder);
        await death;

        await run.AssertEndedAsync(Listed);
    }

    [Fact]
    public async Task Between_the_rows_of_a_small_batch_and_their_messages_the_watch_puts_them()
    {
        await using var run = await StartAsync();
        run.Images.Write("a.png", DeathRun.Picture);
        var death = run.Queue.KillAt(request => run.IsBulkPut(request), run.App.KillAsync);

        await Assert.ThrowsAsync<HttpRequestException>(
            () => run.SubmitAsync(string.Join('\n', Enumerable.Repeat(DeathRun.Measure("a.png"), 30))));
        await death;

        await run.AssertEndedAsync(30);
    }

    private Task<DeathRun> StartAsync() => DeathRun.StartAsync(azurite);

    private static async Task SubmitManyAsync(DeathRun run, bool isFolder)
    {
        for (var i = 0; i < (isFolder ? Listed : 1); i++)
        {
            run.Images.Write($"{s_deep}/{i:D4}.png", DeathRun.Picture);
        }

        try
        {
            await (isFolder ? run.SubmitFolderAsync(s_deep)
                : run.SubmitAsync(string.Join('\n', Enumerable.Repeat(DeathRun.Measure($"{s_deep}/0000.png"), Listed))));
        }
        catch (HttpRequestException)
        {
            // It was killed even before it had answered; what is stored is all the same.
        }
    }

    /// <summary>Of a picture that is not there, and too odd to be packed: all of them together need a second transaction.</summary>
    private static string NoTwoAlike(Random random) => string.Join('/', Enumerable.Range(0, 18)
        .Select(_ => random.GetString("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", 100)));

    private static bool IsTransaction(string request) =>
        request.StartsWith("POST ", StringComparison.Ordinal)
            && request.AsSpan(0, request.IndexOf('\n')).Contains("$batch", StringComparison.Ordinal);
}
