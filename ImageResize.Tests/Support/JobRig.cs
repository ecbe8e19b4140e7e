using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Callbacks;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Web;
using ImageResize.Tests.Sources.Web;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Support;

/// <summary>The whole Jobs room on stores in memory and real libvips, at a time that the test sets.</summary>
internal sealed class JobRig : IDisposable
{
    public static readonly JobActions Thumbnail = new(Measure: false, [new WantedThumbnail(new ThumbnailSpec(100, 100), "_resized")]);

    private readonly GuardRig _guard = new();
    private readonly CallbackSender _sender;

    /// <param name="options">The room's own defaults when none are given.</param>
    /// <param name="receivers">Who can be called back; by default nobody is found.</param>
    public JobRig(JobsOptions? options = null, TestReceivers? receivers = null)
    {
        var jobsOptions = Options.Create(options ?? new JobsOptions());
        var reader = new SourceReader([Sources], Options.Create(new SourcesOptions { ImagesRoot = "/" }));
        Store = new InMemoryJobStore(Clock);
        Queue = new InMemoryQueue(Clock);
        Submitter = new JobSubmitter(Store, Queue, new IdMaker(Options.Create(new RegionOptions()), Clock), jobsOptions, NullLogger<JobSubmitter>.Instance);
        var idle = new IdleSlices(Store, Queue, jobsOptions, Clock, NullLogger<IdleSlices>.Instance);
        Reader = new JobReader(Store, idle, jobsOptions, Clock);
        Canceler = new BatchCanceler(Store, new SliceCanceler(Store, Clock), Clock, NullLogger<BatchCanceler>.Instance);
        Retrier = new BatchRetrier(new FailedJobs(Store), Submitter);
        Batches = new BatchReader(Store, Reader, jobsOptions, Clock);
        Retention = new Retention([Store], jobsOptions, Clock, NullLogger<Retention>.Instance);
        _sender = (receivers ?? new TestReceivers()).Sender(Clock);
        var processor = new JobProcessor(
            reader,
            _guard.Thumbnailer,
            new ThumbnailPlaces([Thumbnails], Options.Create(new ThumbnailOptions())),
            Clock,
            NullLogger<JobProcessor>.Instance);
        Work = new WorkProcessor(
            Store,
            Queue,
            new SliceProcessor(Store, Queue, processor, new SliceCanceler(Store, Clock), _guard.Thumbnailer, jobsOptions, Clock, NullLogger<SliceProcessor>.Instance),
            new BatchLister(Store, Queue, Submitter, new JobLister(reader, new ItemReader(reader, new ActionReader(Options.Create(new PresetOptions()))), new InMemoryManifests(), new FailedJobs(Store)), jobsOptions, Clock, NullLogger<BatchLister>.Instance),
            new BatchWatch(Store, Queue, Canceler, idle, Clock, NullLogger<BatchWatch>.Instance),
            new CallbackDeliverer(Store, Queue, _sender, Clock, receivers is null ? NullLogger<CallbackDeliverer>.Instance : receivers.Log),
            Log);
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public InMemorySources Sources { get; } = new();

    public InMemoryThumbnails Thumbnails { get; } = new();

    public InMemoryJobStore Store { get; }

    public InMemoryQueue Queue { get; }

    public JobSubmitter Submitter { get; }

    public JobReader Reader { get; }

    public BatchReader Batches { get; }

    public BatchCanceler Canceler { get; }

    public BatchRetrier Retrier { get; }

    public Retention Retention { get; }

    public WorkProcessor Work { get; }

    public TestLog<WorkProcessor> Log { get; } = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Task<Batch> SubmitAsync(string source, JobActions? actions = null) =>
        Submitter.SubmitAsync(new Job(source, actions ?? Thumbnail), Token);

    public async Task<Batch> SubmitFolderAsync() => (await Submitter.SubmitFolderAsync(Sources, "", Thumbnail, Token)).Batch;

    public Task<JobStatus> FindAsync(Batch batch, int? number = null) => Reader.FindAsync(new JobId(batch.Id, number), Token);

    /// <summary>Works off what is visible now, as a host would: a message that fails stays hidden for a while.</summary>
    /// <returns>How many messages failed.</returns>
    public async Task<int> WorkAsync()
    {
        var failed = 0;
        while (await Queue.ReceiveAsync(1, TimeSpan.FromSeconds(60), Token) is [var delivery])
        {
            try
            {
                await Work.ProcessAsync(delivery.FindBody(), delivery.Count, Token);
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
        _sender.Dispose();
        _guard.Dispose();
    }
}
