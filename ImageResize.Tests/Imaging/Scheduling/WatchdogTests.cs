using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Isolation;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Imaging.Scheduling;

/// <summary>The deadline of images in this process. Tests set the clock and the processor time.</summary>
public sealed class WatchdogTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Watchdog _watchdog;
    private TimeSpan _worked;
    private int _ends;

    public WatchdogTests() => _watchdog = WatchdogOf(note: null);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _watchdog.Dispose();

    [Fact]
    public void An_image_that_computes_longer_than_the_deadline_is_stopped() => Assert.Throws<ImageTimeoutException>(() => Run(time =>
    {
        Pass(seconds: 9, worked: 9);
        time.Token.ThrowIfCancellationRequested();
        return true;
    }));

    [Fact]
    public void On_a_shared_machine_only_processor_time_counts() => Assert.True(Run(time =>
    {
        Pass(seconds: 31, worked: 7);
        time.Token.ThrowIfCancellationRequested();
        return true;
    }));

    [Fact]
    public void An_image_that_sleeps_forever_is_stopped() => Assert.Throws<ImageTimeoutException>(() => Run(time =>
    {
        Pass(seconds: 33, worked: 0);
        time.Token.ThrowIfCancellationRequested();
        return true;
    }));

    [Fact]
    public void Two_images_at_once_share_the_processor_time() => Assert.True(Run(first => Run(second =>
    {
        Pass(seconds: 15, worked: 15);
        first.Token.ThrowIfCancellationRequested();
        second.Token.ThrowIfCancellationRequested();
        return true;
    })));

    [Fact]
    public void Waiting_for_a_slow_source_does_not_count() => Assert.True(Run(time =>
    {
        time.SetPaused(true);
        Pass(seconds: 100, worked: 100);
        time.SetPaused(false);
        time.Token.ThrowIfCancellationRequested();
        return true;
    }));

    [Fact]
    public void A_machine_that_was_suspended_stops_no_image() => Assert.True(Run(time =>
    {
        _clock.Advance(TimeSpan.FromHours(8));
        time.Token.ThrowIfCancellationRequested();
        return true;
    }));

    [Fact]
    public void An_image_that_cannot_be_stopped_ends_the_process_once()
    {
        Run(_ =>
        {
            Pass(seconds: 12, worked: 12);
            Assert.Equal(0, _ends);
            Pass(seconds: 20, worked: 20);
            return true;
        });

        Assert.Equal(1, _ends);
    }

    [Fact]
    public void A_canceled_image_is_reported_as_canceled_and_not_as_too_slow()
    {
        using var canceled = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => _watchdog.Run<bool>(
            time =>
            {
                canceled.Cancel();
                Pass(seconds: 9, worked: 9);
                throw new OperationCanceledException(time.Token);
            },
            canceled.Token));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(20, true)]
    public void A_program_that_ends_during_an_image_is_marked_as_crashed_only_if_the_image_hung(int seconds, bool hasDied)
    {
        using var folder = new TemporaryFolder();
        using (var note = NoteIn(folder))
        {
            using var watchdog = WatchdogOf(note);
            watchdog.Run(
                _ =>
                {
                    Pass(seconds, seconds);
                    watchdog.Dispose();
                    note.Dispose();
                    return true;
                },
                Token);
        }

        using var next = NoteIn(folder);
        Assert.Equal(hasDied, next.IsRecent);
    }

    private CrashMarker NoteIn(TemporaryFolder folder) => new(folder["note"], _clock, NullLogger<CrashMarker>.Instance);

    private Watchdog WatchdogOf(CrashMarker? note) => new(
        Options.Create(new ImagingOptions { DeadlineSeconds = 8 }), _clock, () => _ends++, () => _worked, note);

    private bool Run(Func<ProcessingTime, bool> work) => _watchdog.Run(work, Token);

    private void Pass(int seconds, int worked)
    {
        for (var tenth = 0; tenth < seconds * 10; tenth++)
        {
            _worked += TimeSpan.FromSeconds(worked) / (seconds * 10);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }
    }
}
