using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Isolation;
using ImageResize.Core.Imaging.Vips;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Imaging.Scheduling;

/// <summary>
/// Processes images so that none can harm another: in this process when a core and memory are free and within a deadline, or in a child
/// process if the image may have crashed a process before.
/// </summary>
public sealed class GuardedThumbnailer(
    IThumbnailer thumbnailer,
    IsolatedThumbnailer isolated,
    ImageScheduler scheduler,
    Watchdog watchdog,
    IOptions<ImagingOptions> options) : IDisposable
{
    private const int Attempts = 2;

    /// <summary>Bytes of a file that are sent to a child process to be measured. The header is among them.</summary>
    private const int MaxMeasuredBytes = 100_000_000;

    private readonly MeasuringGate _measuring = new(scheduler.Width);

    /// <summary>Images that are decoded at once.</summary>
    public int Width => scheduler.Width;

    public ImagePriority TakePriority(bool isUrgent) => scheduler.TakePriority(isUrgent);

    /// <summary>
    /// Measures an image in this process, and not on the threads that decode: a header costs little, and a slow source would keep others
    /// from decoding. After a crash of the program, in a child process.
    /// </summary>
    /// <exception cref="RefusedException">Not an image, or a format that is not read. Exceptions of the stream pass through.</exception>
    public Task<ImageSize> MeasureAsync(Stream source, CancellationToken cancellationToken) => watchdog.RequiresIsolation
        ? MeasureIsolatedAsync(source, TakePriority(isUrgent: true), cancellationToken)
        : MeasureHereAsync(source, cancellationToken);

    public void Dispose() => _measuring.Dispose();

    public ImagingState GetState() => new(
        scheduler.Width,
        scheduler.InWork,
        ChildProcess.Count,
        watchdog.RequiresIsolation,
        ChildLimits.Of(options.Value).Memory,
        options.Value.DeadlineSeconds,
        Libvips.Version);

    /// <summary>Divides work so that its thumbnails need not all be in memory together. Only the first part measures.</summary>
    public IEnumerable<ImageWork> Divide(ReadOnlySpan<byte> source, ImageWork work)
    {
        var groups = ImageCost.Divide(source, work.Specs, options.Value);

        return groups.Count == 1 ? [work] : groups.Select((count, i) =>
        {
            var first = groups.Take(i).Sum();

            return new ImageWork(work.Measure && i == 0, [.. work.Specs.Skip(first).Take(count)])
            {
                LaterSpecs = i == 0 ? [.. work.Specs.Skip(count)] : [],
            };
        });
    }

    /// <param name="isSuspect">Whether the image may have crashed a process.</param>
    /// <exception cref="RefusedException">The image is at fault.</exception>
    public async Task<ImageWorkResult> MakeAsync(
        ReadOnlyMemory<byte> source, ImageWork work, ImagePriority priority, bool isSuspect, CancellationToken cancellationToken)
    {
        var cost = ImageCost.Of(source.Span, work.Specs, options.Value);

        // The watchdog would have to end this process to stop such a step. A child process is ended at the deadline.
        var isUninterrupted = cost.Uninterrupted.TotalSeconds > options.Value.DeadlineSeconds;
        var attempts = isUninterrupted && !isSuspect ? 1 : Attempts;
        if (!isSuspect && !isUninterrupted && !watchdog.RequiresIsolation)
        {
            try
            {
                return await scheduler.RunAsync(
                    () => watchdog.Run(time => work.Run(thumbnailer, source, time.Token), cancellationToken),
                    cost,
                    priority,
                    cancellationToken);
            }
            catch (ImageTimeoutException)
            {
                // Retried in a child process, where the processor time of this image alone is counted.
                attempts--;
            }
        }

        return await scheduler.RunAsync(
            () => isolated.MakeAsync(source, work, attempts, cancellationToken), cost, priority, cancellationToken);
    }

    /// <summary>
    /// Makes thumbnails for a caller that waits: there is no redelivery after a crash, so what native code has to read is read in a child
    /// process at the first attempt.
    /// </summary>
    /// <exception cref="RefusedException">The image is at fault.</exception>
    public async Task<ImageWorkResult> MakeContainedAsync(
        ReadOnlyMemory<byte> source, ImageWork work, ImagePriority priority, CancellationToken cancellationToken)
    {
        var cost = ImageCost.Of(source.Span, work.Specs, options.Value);
        if (!watchdog.RequiresIsolation)
        {
            try
            {
                var done = await scheduler.RunAsync(
                    () => watchdog.Run(time => work.TryRunManaged(thumbnailer, source, time.Token), cancellationToken),
                    cost,
                    priority,
                    cancellationToken);
                if (done is not null)
                {
                    return done;
                }
            }
            catch (ImageTimeoutException)
            {
                // Retried in a child process, where the processor time of this image alone is counted.
            }
        }

        return await scheduler.RunAsync(
            () => isolated.MakeAsync(source, work, attempts: 1, cancellationToken), cost, priority, cancellationToken);
    }

    private async Task<ImageSize> MeasureHereAsync(Stream source, CancellationToken cancellationToken)
    {
        await _measuring.EnterAsync(cancellationToken);
        try
        {
            return await Task.Factory.StartNew(
                () => watchdog.Run(time => thumbnailer.Measure(new WaitingStream(source, time, _measuring)), cancellationToken),
                cancellationToken,
                source.CanSeek ? TaskCreationOptions.None : TaskCreationOptions.LongRunning, // The thread waits for a web server.
                TaskScheduler.Default);
        }
        finally
        {
            _measuring.Leave();
        }
    }

    private async Task<ImageSize> MeasureIsolatedAsync(Stream source, ImagePriority priority, CancellationToken cancellationToken)
    {
        using var memory = await scheduler.ReserveMemoryAsync(MaxMeasuredBytes, priority, cancellationToken);
        using var start = new MemoryStream();
        var buffer = new byte[81_920];
        while (start.Length < MaxMeasuredBytes && await source.ReadAsync(buffer, cancellationToken) is > 0 and var length)
        {
            start.Write(buffer, 0, length);
        }

        var bytes = start.GetBuffer().AsMemory(0, (int)start.Length);
        var work = new ImageWork(Measure: true, []);
        var result = await scheduler.RunAsync(
            () => isolated.MakeAsync(bytes, work, Attempts, cancellationToken),
            new ImageCost(0, TimeSpan.Zero),
            priority,
            cancellationToken);

        return result.Size!;
    }
}
