using ImageResize.Core.Batches;
using ImageResize.Core.Batches.Processing;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Callbacks;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Core.Memory;
using ImageResize.Core.Messages;
using ImageResize.Core.Messages.Waiting;
using ImageResize.Core.Quotas;
using ImageResize.Core.Retention;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Thumbnails;
using ImageResize.Tests.Support.Http;
using ImageResize.Tests.Support.Web;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Support.InMemory;

/// <summary>Everything from submission to result, with stores in memory, real libvips, and a clock that the test sets.</summary>
internal sealed class JobRig : IDisposable
{
    public static readonly JobActions Thumbnail = new(Measure: false, [new ThumbnailAction(new ThumbnailSpec(100, 100), "_resized")]);

    private readonly GuardRig _guard = new();
    private readonly CallbackClient _client;

    /// <param name="options">The defaults if null.</param>
    /// <param name="receivers">The receivers that can be called back; by default there are none.</param>
    /// <param name="quotas">The defaults if null.</param>
    public JobRig(BatchOptions? options = null, TestReceivers? receivers = null, QuotaOptions? quotas = null)
    {
        var batchOptions = Options.Create(options ?? new BatchOptions());
        var sources = new SourceReader([Sources], Options.Create(new SourcesOptions { ImagesRoot = "/" }), new MemoryBudget(300_000_000));
        var retention = new RetentionPolicy(Options.Create(new RetentionOptions()), Clock);
        Store = new InMemoryJobStore(Clock);
        Callbacks = new InMemoryCallbackStore(Store);
        Queue = new InMemoryQueue(Clock);
        _client = (receivers ?? new TestReceivers()).Client(Clock);

        var failedJobs = new FailedJobs(Store);
        var manifests = new InMemoryManifests();
        var parser = new ItemParser(sources, new ActionReader(Options.Create(new PresetOptions())));
        var listings = new ListingEnumerator(sources, parser, manifests, failedJobs);
        var ids = new IdGenerator(Options.Create(new RegionOptions()), Clock);
        Open = new OpenWork(Options.Create(quotas ?? new QuotaOptions()), Clock);
        Bytes = new DailyBytes(Options.Create(quotas ?? new QuotaOptions()), Clock);
        Throttle = new MessageThrottle(new CallerSlots(Clock), new LongWaits(Clock));
        var admission = new Admission(Store, Open, Bytes, Throttle, Clock);
        Submitter = new BatchSubmitter(Store, Queue, admission, ids, batchOptions, NullLogger<BatchSubmitter>.Instance);
        Import = new BatchImport(Submitter, parser, manifests, admission);
        Retry = new BatchRetry(Submitter, failedJobs);

        var stores = new ThumbnailStores([Thumbnails], Options.Create(new ThumbnailOptions()));
        var results = new SliceResults(Store, stores, Open);
        var idle = new IdleSlices(Store, Queue, batchOptions, Clock, NullLogger<IdleSlices>.Instance);
        Batches = new BatchQueries(Store, idle, retention, Open, Clock);
        Cancellation = new BatchCancellation(Store, results, Clock, NullLogger<BatchCancellation>.Instance);
        Cleanup = new ExpiredDataCleanup([Store], retention, NullLogger<ExpiredDataCleanup>.Instance);

        var runner = new JobRunner(sources, _guard.Thumbnailer, stores, Bytes, Clock, NullLogger<JobRunner>.Instance);
        var run = new SliceRun(Store, results, runner, Throttle, batchOptions, Clock);
        var completion = new BatchCompletion(Store, Callbacks, Queue, Open, Clock, NullLogger<BatchCompletion>.Instance);
        var handlers = new MessageHandlers(
            new SliceHandler(Store, Queue, run, results, Clock, NullLogger<SliceHandler>.Instance),
            new ListHandler(Store, Submitter, listings, batchOptions, Clock, NullLogger<ListHandler>.Instance),
            new WatchHandler(Store, Queue, Cancellation, idle, completion, NullLogger<WatchHandler>.Instance),
            new CallbackHandler(Store, Callbacks, Queue, _client, Clock, receivers?.Log ?? new TestLog<CallbackHandler>()),
            new PurgeHandler(
                Store, new BatchPurge(Store, Queue, stores, Open, manifests, Clock), Queue, NullLogger<PurgeHandler>.Instance),
            new NoUploads());
        var retries = new MessageRetryPolicy(Queue, new InMemoryOutageMonitor(), NullLogger<MessageRetryPolicy>.Instance);
        Work = new MessageDispatcher(handlers, retries, TimeProvider.System, Log);
        Poison = new PoisonMessageHandler(handlers, retries, NullLogger<PoisonMessageHandler>.Instance);
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public InMemorySources Sources { get; } = new();

    public InMemoryThumbnails Thumbnails { get; } = new();

    public InMemoryJobStore Store { get; }

    public InMemoryCallbackStore Callbacks { get; }

    public InMemoryQueue Queue { get; }

    public MessageThrottle Throttle { get; }

    public BatchSubmitter Submitter { get; }

    public BatchImport Import { get; }

    public BatchRetry Retry { get; }

    public OpenWork Open { get; }

    public DailyBytes Bytes { get; }

    public BatchQueries Batches { get; }

    public BatchCancellation Cancellation { get; }

    public ExpiredDataCleanup Cleanup { get; }

    public MessageDispatcher Work { get; }

    public PoisonMessageHandler Poison { get; }

    public TestLog<MessageDispatcher> Log { get; } = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Task<Batch> SubmitAsync(string source, JobActions? actions = null) =>
        Submitter.SubmitAsync(new Job(source.ToSource(), actions ?? Thumbnail), Token);

    public async Task<Batch> SubmitFolderAsync() => (await Submitter.SubmitFolderAsync(Sources, "".ToSource(), Thumbnail, Token)).Batch;

    public Task<JobStatus> FindAsync(Batch batch, int? number = null) => Batches.GetJobAsync(new JobId(batch.Id, number), Token);

    /// <summary>Processes all visible messages as a host does: a message that fails stays hidden for a while.</summary>
    /// <returns>The number of messages that failed.</returns>
    public async Task<int> WorkAsync()
    {
        var failed = 0;
        while (await Queue.ReceiveAsync(1, TimeSpan.FromSeconds(60), Token) is [var delivery])
        {
            try
            {
                await Work.ProcessAsync(delivery.Text, delivery.DequeueCount, Token);
                await Queue.DeleteAsync(delivery, Token);
            }
            catch (IOException)
            {
                failed++;
            }
        }

        return failed;
    }

    public void Dispose()
    {
        _client.Dispose();
        _guard.Dispose();
    }

    /// <summary>The rig has no uploads that could be removed.</summary>
    private sealed class NoUploads : IMessageHandler<RemoveUploadMessage>
    {
        public Task HandleAsync(RemoveUploadMessage message, long dequeueCount, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task GiveUpAsync(RemoveUploadMessage message, string reason, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
