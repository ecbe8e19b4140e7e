using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Jobs;
using ImageResize.Core.Messages;
using ImageResize.Core.Messages.Waiting;
using ImageResize.Core.Quotas;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.InMemory;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Quotas;

public sealed class OpenWorkTests : IDisposable
{
    private readonly JobRig _rig = new(quotas: new QuotaOptions { OpenSeconds = 1 });
    private readonly IdGenerator _ids;

    public OpenWorkTests() => _ids = new IdGenerator(Options.Create(new RegionOptions()), _rig.Clock);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Work_up_to_the_limit_is_admitted_and_no_more()
    {
        bool[] admitted = [Add("alice", 0.5), Add("alice", 0.5), Add("alice", 0.01), Add("bob", 1)];

        Assert.Equal([true, true, false, true], admitted);
    }

    [Fact]
    public void A_caller_without_open_work_may_submit_any_batch()
    {
        Assert.True(Add("alice", 1_000));
        Assert.False(Add("alice", 0.001));
    }

    [Fact]
    public void Finished_jobs_make_room()
    {
        var batch = _ids.NewBatch();
        _rig.Open.TryAdd(batch, "alice", new Workload(10, 1));

        _rig.Open.Finish(batch, 4);
        Assert.Equal(0.6, _rig.Open.SecondsOf("alice"), tolerance: 1e-9);
        _rig.Open.SetOpen(batch, 1);
        Assert.Equal(0.1, _rig.Open.SecondsOf("alice"), tolerance: 1e-9);
        _rig.Open.Finish(batch, 4);
        Assert.Equal(0, _rig.Open.SecondsOf("alice"));
    }

    [Fact]
    public void Of_many_batches_only_the_last_ten_thousand_are_counted()
    {
        for (var i = 0; i < 10_001; i++)
        {
            _rig.Open.TryAdd(_ids.NewBatch(), "alice", new Workload(1, 0.00001));
        }

        Assert.Equal(0.1, _rig.Open.SecondsOf("alice"), tolerance: 1e-9);
    }

    [Fact]
    public async Task A_job_is_counted_until_it_has_a_result()
    {
        _rig.Sources["a.jpg"] = TestImages.Jpeg(40, 30);
        await _rig.SubmitAsync("a.jpg");
        Assert.Equal(JobEstimate.Of("a.jpg".ToSource(), JobRig.Thumbnail).Seconds, _rig.Open.SecondsOf(null), tolerance: 1e-9);

        await _rig.WorkAsync();

        Assert.Equal(0, _rig.Open.SecondsOf(null));
    }

    [Fact]
    public async Task A_refusal_names_the_limit_and_says_when_to_try_again()
    {
        await _rig.SubmitAsync("a.jpg", Heavy);

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => _rig.SubmitAsync("a.jpg", Heavy));

        Assert.Equal(ErrorCode.TooMuchOpenWork, refusal.Code);
        Assert.Contains("OpenSeconds", refusal.Message, StringComparison.Ordinal);
        Assert.InRange(refusal.RetryAfter!.Value.TotalSeconds, 0.01, 10);
    }

    [Fact]
    public async Task Work_that_another_process_has_finished_makes_room()
    {
        var (other, admission) = OtherProcess();
        _rig.Sources["a.jpg"] = TestImages.Jpeg(40, 30);
        var job = await _rig.SubmitAsync("a.jpg");
        AddImages(21);
        var batch = await _rig.SubmitFolderAsync();
        other.TryAdd(job.Id, null, new Workload(1, 0.5));
        other.TryAdd(batch.Id, null, new Workload(batch.Total!.Value, 0.5));
        await Assert.ThrowsAsync<RefusedException>(() => AdmitAsync(admission));

        await _rig.WorkAsync();
        _rig.Clock.Advance(TimeSpan.FromSeconds(5));
        await _rig.WorkAsync();
        await AdmitAsync(admission);

        Assert.Equal(0.5, other.SecondsOf(null));
    }

    [Fact]
    public async Task A_caller_that_asks_for_its_job_makes_room()
    {
        _rig.Sources["a.jpg"] = TestImages.Jpeg(40, 30);
        var job = await _rig.SubmitAsync("a.jpg");
        await _rig.WorkAsync();
        _rig.Open.TryAdd(job.Id, null, new Workload(1, 0.5));

        await _rig.FindAsync(job);

        Assert.Equal(0, _rig.Open.SecondsOf(null));
    }

    [Fact]
    public async Task A_batch_that_cannot_be_stored_is_not_counted()
    {
        _rig.Queue.NextFault = (typeof(SliceMessage), new IOException("The queue is unavailable."));

        await Assert.ThrowsAsync<IOException>(() => _rig.SubmitAsync("a.jpg"));

        Assert.Equal(0, _rig.Open.SecondsOf(null));
    }

    [Theory]
    [InlineData(1_000_000, 100)]
    [InlineData(100_000, 1_600)]
    public void A_folder_of_many_photos_is_within_the_default_limit(int photos, int side)
    {
        var actions = new JobActions(Measure: false, [new ThumbnailAction(new ThumbnailSpec(side, side), "_resized")]);

        Assert.InRange((JobEstimate.Of(source: null, actions) * photos).Seconds, 0, new QuotaOptions().OpenSeconds);
    }

    [Fact]
    public void The_estimate_depends_on_the_formats()
    {
        var jpeg = JobEstimate.Of("a.jpg".ToSource(), Heavy with { Thumbnails = [Thumbnail(format: null)] }).Seconds;
        var gif = JobEstimate.Of("a.gif".ToSource(), Heavy with { Thumbnails = [Thumbnail(format: null)] }).Seconds;
        var avif = JobEstimate.Of("a.jpg".ToSource(), Heavy).Seconds;

        Assert.True(jpeg < avif && avif < gif, $"JPEG {jpeg} s, AVIF {avif} s, GIF {gif} s");
    }

    private static JobActions Heavy { get; } = new(Measure: false, [Thumbnail(ImageFormat.Avif)]);

    private static ThumbnailAction Thumbnail(ImageFormat? format) =>
        new(new ThumbnailSpec(3_000, 2_000) { Format = format }, "_resized");

    private bool Add(string caller, double seconds) => _rig.Open.TryAdd(_ids.NewBatch(), caller, new Workload(1, seconds));

    private (OpenWork Open, Admission Admission) OtherProcess()
    {
        var open = new OpenWork(Options.Create(new QuotaOptions { OpenSeconds = 1 }), _rig.Clock);

        var throttle = new MessageThrottle(new CallerSlots(_rig.Clock), new LongWaits(_rig.Clock));

        return (open, new Admission(_rig.Store, open, _rig.Bytes, throttle, _rig.Clock));
    }

    private Task AdmitAsync(Admission admission) =>
        admission.AdmitAsync(_rig.Submitter.NewBatch(), new Workload(1, 0.5), Token);

    private void AddImages(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _rig.Sources[$"{i:00}.jpg"] = TestImages.Jpeg(40, 30);
        }
    }
}
