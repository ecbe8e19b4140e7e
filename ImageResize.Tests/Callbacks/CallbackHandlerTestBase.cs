using ImageResize.Core.Batches;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;
using ImageResize.Tests.Support.InMemory;
using ImageResize.Tests.Support.Web;

namespace ImageResize.Tests.Callbacks;

/// <summary>A rig with a receiver whose answers the test sets.</summary>
public abstract class CallbackHandlerTestBase : IAsyncDisposable
{
    protected const string Page = "/ended?key=hush";
    protected const string Address = "http://receiver.example" + Page;
    protected const string Ok = "HTTP/1.1 204 No Content\r\n\r\n";
    protected const string Busy = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy";

    /// <summary>How long <see cref="JobRig.WorkAsync"/> hides a message that fails.</summary>
    protected static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private protected readonly StubServer _server = new();
    private protected readonly TestReceivers _receivers;
    private protected readonly JobRig _rig;

    protected CallbackHandlerTestBase()
    {
        _receivers = new TestReceivers().With("receiver.example", _server.Place);
        _rig = new JobRig(receivers: _receivers);
        _server.Answer(Page, Ok);
        _rig.Sources["cat.jpg"] = TestImages.Jpeg(40, 30);
    }

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected int Calls => _server.Requests.Count;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _rig.Dispose();
        await _server.DisposeAsync();
    }

    private protected Task<Batch> SubmitAsync(string? address, params string[] sources) => _rig.Submitter.SubmitAsync(
        _rig.Submitter.NewBatch() with { Callback = address },
        [.. sources.Select(source => new Job(source.ToSource(), JobRig.Thumbnail))],
        Token);

    /// <summary>Submits a batch and processes it until its end and the first attempt.</summary>
    private protected async Task<Batch> EndAsync(int jobs = 2, string? address = Address)
    {
        var batch = await SubmitAsync(address, [.. Enumerable.Repeat("cat.jpg", jobs)]);
        await _rig.WorkAsync();
        await PassAsync(BatchSubmitter.FirstWatchDelay);

        return batch;
    }

    /// <summary>Adds an ended batch without its callback message.</summary>
    private protected async Task<Batch> AddEndedAsync()
    {
        var batch = new Batch(BatchId.New(_rig.Clock.GetUtcNow())) { Total = 2, Callback = Address };
        await _rig.Store.AddAsync(batch, [], Token);
        await _rig.Callbacks.AddOrGetAsync(batch.Id, new CallbackStatus(_rig.Clock.GetUtcNow(), 2, new JobCounts(2, 0)), Token);

        return batch;
    }

    protected async Task PassAsync(TimeSpan time)
    {
        _rig.Clock.Advance(time);
        await _rig.WorkAsync();
    }

    private protected async Task<(CallbackState State, int Attempts, int? Status, string? Reason, DateTimeOffset? Next)> FindAsync(
        Batch batch)
    {
        var callback = (await _rig.Callbacks.FindAsync(batch.Id, Token))!;

        return (callback.State, callback.Attempts, callback.LastStatus, callback.LastReason, callback.NextAttemptAt);
    }
}
