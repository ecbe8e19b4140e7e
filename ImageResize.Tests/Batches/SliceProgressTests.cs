using System.Collections.Concurrent;
using ImageResize.Core.Batches;
using ImageResize.Core.Jobs;
using ImageResize.Core.Messages;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.InMemory;

namespace ImageResize.Tests.Batches;

/// <summary>Progress of a batch before its first slice ends.</summary>
public sealed class SliceProgressTests : IDisposable
{
    private static readonly TimeSpan PerImage = TimeSpan.FromMilliseconds(50);

    private readonly JobRig _rig = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_shows_its_first_results_within_a_second_and_more_of_them_before_a_slice_ends()
    {
        var (batch, started) = await SubmitAsync(images: 200);
        var seen = new ConcurrentQueue<(double Seconds, int Finished)>();
        _rig.Sources.Opening = async _ =>
        {
            _rig.Clock.Advance(PerImage);
            var status = (await _rig.Batches.FindBatchAsync(batch.Id, Token))!;
            seen.Enqueue(((_rig.Clock.GetUtcNow() - started).TotalSeconds, status.Counts.Finished));
        };

        await _rig.Work.ProcessAsync(MessageText.Encode(new SliceMessage(batch.Id, 0)), 1, Token);

        Assert.InRange(seen.Where(sign => sign.Finished > 0).Min(sign => sign.Seconds), 0, 1);
        Assert.InRange(seen.Select(sign => sign.Finished).Distinct().Count(), 4, 7);
        Assert.Equal(new JobCounts(100, 0), (await _rig.Batches.FindBatchAsync(batch.Id, Token))!.Counts);
    }

    [Fact]
    public async Task Results_that_are_counted_can_be_read()
    {
        var (batch, _) = await SubmitAsync(images: 200);
        _rig.Sources.Opening = async _ =>
        {
            _rig.Clock.Advance(PerImage);
            var status = (await _rig.Batches.FindBatchAsync(batch.Id, Token))!;
            var page = await _rig.Batches.ListJobsAsync(batch, 0, JobState.Succeeded, Token);
            Assert.True(page.Jobs.Count >= status.Counts.Succeeded);
        };

        await _rig.Work.ProcessAsync(MessageText.Encode(new SliceMessage(batch.Id, 0)), 1, Token);

        Assert.Equal(JobState.Succeeded, (await _rig.FindAsync(batch, 99)).State);
    }

    [Fact]
    public async Task Slow_images_are_shown_every_five_seconds()
    {
        var (batch, _) = await SubmitAsync(images: 200);
        var seen = new ConcurrentDictionary<int, bool>();
        _rig.Sources.Opening = async _ =>
        {
            _rig.Clock.Advance(TimeSpan.FromSeconds(0.5));
            seen[(await _rig.Batches.FindBatchAsync(batch.Id, Token))!.Counts.Finished] = true;
        };

        await _rig.Work.ProcessAsync(MessageText.Encode(new SliceMessage(batch.Id, 0)), 1, Token);

        Assert.InRange(seen.Count, 9, 14);
    }

    public void Dispose() => _rig.Dispose();

    private async Task<(Batch Batch, DateTimeOffset Started)> SubmitAsync(int images)
    {
        for (var i = 0; i < images; i++)
        {
            _rig.Sources[$"{i:D3}.jpg"] = TestImages.Jpeg(40, 30);
        }

        return (await _rig.SubmitFolderAsync(), _rig.Clock.GetUtcNow());
    }
}
