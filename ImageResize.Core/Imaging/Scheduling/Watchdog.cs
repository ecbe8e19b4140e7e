using ImageResize.Core.Imaging.Isolation;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Imaging.Scheduling;

/// <summary>
/// Stops images that take too long in this process: first by cancellation, which libvips notices between two parts of an image. If that
/// does not help, by ending the process, so that its messages are redelivered and the image is decoded in a child process.
/// </summary>
/// <param name="endProcess">Ends the process.</param>
/// <param name="getProcessorTime">Gets the processor time that this process has used.</param>
/// <param name="crashMarker">Null if the host does not count crashes.</param>
public sealed class Watchdog(
    IOptions<ImagingOptions> options,
    TimeProvider clock,
    Action endProcess,
    Func<TimeSpan> getProcessorTime,
    CrashMarker? crashMarker = null) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>A tick that comes later than this counts as this much: the machine slept or the process was suspended.</summary>
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(1);

    private static readonly Deadline StopDeadline = new(TimeSpan.FromSeconds(5));

    private readonly Deadline _deadline = new(TimeSpan.FromSeconds(options.Value.DeadlineSeconds));
    private readonly Lock _lock = new();
    private readonly List<ProcessingTime> _images = [];
    private ITimer? _timer;
    private long _lastTick;
    private TimeSpan _lastProcessorTime;
    private bool _isEnding;

    /// <summary>Whether images have to be decoded in child processes, because an image has crashed this program recently.</summary>
    public bool RequiresIsolation => crashMarker is { IsRecent: true };

    /// <exception cref="ImageTimeoutException">The image took too long and was stopped.</exception>
    public T Run<T>(Func<ProcessingTime, T> work, CancellationToken cancellationToken)
    {
        using var time = new ProcessingTime(_lock, cancellationToken);
        Add(time);
        try
        {
            return work(time);
        }
        catch (OperationCanceledException) when (time.IsStopping && !cancellationToken.IsCancellationRequested)
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
                // A program that shuts down without waiting for its images has not crashed.
                crashMarker?.Write(isProcessing: false);
            }
        }
    }

    private void Add(ProcessingTime time)
    {
        lock (_lock)
        {
            _images.Add(time);
            if (_images.Count == 1)
            {
                crashMarker?.Write(isProcessing: true);
                (_lastTick, _lastProcessorTime) = (clock.GetTimestamp(), getProcessorTime());
                _timer ??= clock.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(Interval, Interval);
            }
        }
    }

    private void Remove(ProcessingTime time)
    {
        lock (_lock)
        {
            _images.Remove(time);
            if (_images.Count == 0)
            {
                crashMarker?.Write(isProcessing: false);
                _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Tick()
    {
        var late = new List<ProcessingTime>();
        var isHung = false;
        lock (_lock)
        {
            CountTime();
            foreach (var time in _images.Where(time => !time.IsPaused))
            {
                if (!time.IsStopping && time.HasReached(_deadline))
                {
                    late.Add(time);
                }
                else if (time.IsStopping && time.HasReached(StopDeadline))
                {
                    isHung = !_isEnding;
                    _isEnding = true;
                }
            }

            late.ForEach(time => time.BeginStopping());
        }

        // Outside the lock, because cancellation runs callbacks of other classes.
        late.ForEach(time => time.Cancel());
        if (isHung)
        {
            endProcess();
        }
    }

    /// <summary>
    /// Adds the time since the last tick to each image. Each gets an equal share of the processor time, because libvips has threads of its
    /// own and it is not known which thread works for which image.
    /// </summary>
    private void CountTime()
    {
        var elapsed = clock.GetElapsedTime(_lastTick);
        elapsed = elapsed < LongestInterval ? elapsed : LongestInterval;
        var processorTime = getProcessorTime() - _lastProcessorTime;
        (_lastTick, _lastProcessorTime) = (clock.GetTimestamp(), _lastProcessorTime + processorTime);

        var running = _images.Where(time => !time.IsPaused).ToList();
        running.ForEach(time => time.Add(elapsed, processorTime / running.Count));
    }
}
