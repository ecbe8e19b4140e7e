using ImageResize.Core.Imaging.Isolation;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Imaging.Scheduling;

/// <summary>
/// Stops pictures that are worked on in this process when they take too long: by cancelling, which reaches libvips between two
/// pieces of a picture, and where that does not help by ending the process, so that its messages come back and go to a child.
/// </summary>
/// <param name="end">Ends the process.</param>
/// <param name="workedByAll">The processor time that this process has used so far.</param>
/// <param name="note">Where whoever starts us again counts our deaths.</param>
public sealed class Watchdog(
    IOptions<ImagingOptions> options, TimeProvider clock, Action end, Func<TimeSpan> workedByAll, CrashMarker? note = null) : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>A tick that came later was no work of ours: the machine slept, or the process was stopped.</summary>
    private static readonly TimeSpan LongestTick = TimeSpan.FromSeconds(1);

    private static readonly Deadline AfterCancelling = new(TimeSpan.FromSeconds(5));

    private readonly Deadline _deadline = new(TimeSpan.FromSeconds(options.Value.DeadlineSeconds));
    private readonly Lock _lock = new();
    private readonly List<ProcessingTime> _pictures = [];
    private ITimer? _timer;
    private long _lastTick;
    private TimeSpan _lastWorked;
    private bool _isEnding;

    /// <summary>Pictures belong in children: this program has died of one not long ago, and must not again.</summary>
    public bool IsCareful => note is { IsRecent: true };

    /// <exception cref="ImageTimeoutException">It took too long and has been stopped.</exception>
    public T Run<T>(Func<ProcessingTime, T> work, CancellationToken cancellationToken)
    {
        using var time = new ProcessingTime(_lock, cancellationToken);
        Add(time);
        try
        {
            return work(time);
        }
        catch (OperationCanceledException) when (time.IsOver && !cancellationToken.IsCancellationRequested)
        {
            throw new ImageTimeoutException();
        }
        finally
        {
            Remove(time);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _timer?.Dispose();
            _timer = null;
            if (!_isEnding)
            {
                // A program that is told to end and waits no longer for what is at work has not died of it.
                note?.Write(areAtWork: false);
            }
        }
    }

    private void Add(ProcessingTime time)
    {
        lock (_lock)
        {
            _pictures.Add(time);
            if (_pictures.Count == 1)
            {
                note?.Write(areAtWork: true);
                (_lastTick, _lastWorked) = (clock.GetTimestamp(), workedByAll());
                _timer ??= clock.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(Tick, Tick);
            }
        }
    }

    private void Remove(ProcessingTime time)
    {
        lock (_lock)
        {
            _pictures.Remove(time);
            if (_pictures.Count == 0)
            {
                note?.Write(areAtWork: false);
                _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Look()
    {
        var over = new List<ProcessingTime>();
        var isHung = false;
        lock (_lock)
        {
            var taken = clock.GetElapsedTime(_lastTick);
            taken = taken < LongestTick ? taken : LongestTick;
            var worked = workedByAll() - _lastWorked;
            (_lastTick, _lastWorked) = (clock.GetTimestamp(), _lastWorked + worked);

            var atWork = _pictures.Where(time => !time.IsWaiting).ToList();
            foreach (var time in atWork)
            {
                // Which thread worked for which picture nobody knows, libvips has its own: each gets an equal share.
                time.Count(taken, worked / atWork.Count);
                if (!time.IsOver && time.HasReached(_deadline))
                {
                    over.Add(time);
                }
                else if (time.IsOver && time.HasReached(AfterCancelling))
                {
                    isHung = !_isEnding;
                    _isEnding = true;
                }
            }

            over.ForEach(time => time.BeOver());
        }

        // Outside the lock, for cancelling runs what others have registered.
        over.ForEach(time => time.Cancel());
        if (isHung)
        {
            end();
        }
    }
}
