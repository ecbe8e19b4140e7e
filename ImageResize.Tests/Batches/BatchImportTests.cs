using System.Text;
using ImageResize.Core.Batches;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Jobs;
using ImageResize.Tests.Support.InMemory;

namespace ImageResize.Tests.Batches;

public sealed class BatchImportTests : IDisposable
{
    private readonly JobRig _rig = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Other_work_is_done_while_a_large_batch_is_parsed()
    {
        Task? other = null;
        var isDone = false;
        async IAsyncEnumerable<Line> ReadAsync()
        {
            other = Task.Factory.StartNew(() => { }, Token, TaskCreationOptions.None, TaskScheduler.Current);
            foreach (var line in LinesOf([.. Enumerable.Repeat("a.jpg", 1_000)]))
            {
                yield return line;
            }

            isDone = other.IsCompleted;
            await other;
        }

        // One thread, which the parser would keep.
        var thread = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        await Task.Factory.StartNew(() => ImportAsync("alice", ReadAsync()), Token, TaskCreationOptions.None, thread).Unwrap();

        Assert.True(isDone);
    }

    [Fact]
    public async Task The_batches_of_one_caller_are_parsed_one_item_at_a_time()
    {
        var checking = new TaskCompletionSource();
        _rig.Sources.Checking = source => source == "slow/" ? checking.Task : Task.CompletedTask;

        var first = ImportAsync("alice", LinesOf("slow/").ToAsyncEnumerable());
        var second = ImportAsync("alice", LinesOf("a.jpg").ToAsyncEnumerable());
        await ImportAsync("bob", LinesOf("a.jpg").ToAsyncEnumerable());

        Assert.False(second.IsCompleted);
        checking.SetResult();
        await Task.WhenAll(first, second);
    }

    private async Task<Batch> ImportAsync(string caller, IAsyncEnumerable<Line> lines) =>
        await _rig.Import.SubmitAsync(
            _rig.Submitter.NewBatch() with { Caller = caller }, lines, JobActions.OnlyMeasure, maxItems: 10_000, Token);

    private static IEnumerable<Line> LinesOf(params string[] sources) =>
        sources.Select(source => new Line(Encoding.UTF8.GetBytes($$"""{"source":"{{source}}"}"""), End: 0, Number: 0));
}
