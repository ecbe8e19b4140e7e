using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Isolation;
using ImageResize.Core.Imaging.Vips;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Imaging.Scheduling;

/// <summary>
/// Processes images so that none can harm another, when a core and memory are free and within a deadline: in this process, or in a child
/// process if libvips must not read them here (<see cref="DecoderIsolation"/>) or if the image may have crashed a process before.
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

    /// <summary>Whether libvips must not read images in this process.</summary>
    private bool IsContained => isolated.Posture != DecoderIsolation.InProcess;

    /// <summary>Whether not even managed code should read images in this process, because one has crashed it.</summary>
    private bool RequiresIsolation => !IsContained && watchdog.RequiresIsolation;

    /// <summary>Images that are decoded at once.</summary>
    public int Width => scheduler.Width;

    public ImagePriority TakePriority(bool isUrgent) => scheduler.TakePriority(isUrgent);

    /// <summary>
    /// Measures an image in this process, and not on the threads that decode: a header costs little, and a slow source would keep others
    /// from decoding. After a crash of the program, or if only libvips reads the header and must not do so here, in a child process.
    /// </summary>
    /// <exception cref="RefusedException">Not an image, or a format that is not read. Exceptions of the stream pass through.</exception>
    public async Task<ImageSize> MeasureAsync(Stream source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (RequiresIsolation)
        {
            return await MeasureIsolatedAsync(default, source, TakePriority(isUrgent: true), cancellationToken);
        }

        var position = source.CanSeek ? source.Position : 0;
        try
        {
            return await MeasureHereAsync(source, cancellationToken);
        }
        catch (NativeHeaderException native)
        {
            var start = native.Start;
            if (source.CanSeek)
            {
                (source.Position, start) = (position, default);
            }

            return await MeasureIsolatedAsync(start, source, TakePriority(isUrgent: true), cancellationToken);
        }
    }

    public void Dispose() => _measuring.Dispose();

    public ImagingState GetState() => new(
        scheduler.Width,
        scheduler.InWork,
        ChildProcess.Count,
        isolated.Posture,
        IsContained || watchdog.RequiresIsolation,
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
        if (isSuspect || isUninterrupted || RequiresIsolation)
        {
            return await scheduler.RunAsync(
                () => isolated.Make(source, work, attempts, cancellationToken), cost, priority, cancellationToken);
        }

        return IsContained
            ? await scheduler.RunAsync(() => MakeContained(source, work, attempts, cancellationToken), cost, priority, cancellationToken)
            : await MakeHereAsync(source, work, cost, priority, cancellationToken);
    }

    /// <summary>
    /// Makes thumbnails for a caller that waits: there is no redelivery after a crash, so what native code has to read is read in a child
    /// process at the first attempt.
    /// </summary>
    /// <exception cref="RefusedException">The image is at fault.</exception>
    public Task<ImageWorkResult> MakeContainedAsync(
        ReadOnlyMemory<byte> source, ImageWork work, ImagePriority priority, CancellationToken cancellationToken) => scheduler.RunAsync(
            () => RequiresIsolation
                ? isolated.Make(source, work, attempts: 1, cancellationToken)
                : MakeContained(source, work, attempts: 1, cancellationToken),
            ImageCost.Of(source.Span, work.Specs, options.Value),
            priority,
            cancellationToken);

    private async Task<ImageWorkResult> MakeHereAsync(
        ReadOnlyMemory<byte> source, ImageWork work, ImageCost cost, ImagePriority priority, CancellationToken cancellationToken)
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
            return await scheduler.RunAsync(
                () => isolated.Make(source, work, Attempts - 1, cancellationToken), cost, priority, cancellationToken);
        }
    }

    /// <summary>Makes thumbnails with managed code if that is possible, and else in a child process.</summary>
    private ImageWorkResult MakeContained(ReadOnlyMemory<byte> source, ImageWork work, int attempts, CancellationToken cancellationToken)
    {
        try
        {
            var done = watchdog.Run(
                time => ManagedScope.Run(() => work.TryRunManaged(thumbnailer, source, time.Token)), cancellationToken);
            if (done is not null)
            {
                return done;
            }
        }
        catch (NativeHeaderException)
        {
            // Thumbnails of it can be made by managed code, but its header can't be read.
        }
        catch (ImageTimeoutException)
        {
            // Retried in a child process, where the processor time of this image alone is counted.
            attempts = 1;
        }

        return isolated.Make(source, work, attempts, cancellationToken);
    }

    private async Task<ImageSize> MeasureHereAsync(Stream source, CancellationToken cancellationToken)
    {
        await _measuring.EnterAsync(cancellationToken);
        try
        {
            return await Task.Factory.StartNew(
                () => watchdog.Run(time => Measure(new WaitingStream(source, time, _measuring)), cancellationToken),
                cancellationToken,
                source.CanSeek ? TaskCreationOptions.None : TaskCreationOptions.LongRunning, // The thread waits for a web server.
                TaskScheduler.Default);
        }
        finally
        {
            _measuring.Leave();
        }
    }

    private ImageSize Measure(Stream source) =>
        IsContained ? ManagedScope.Run(() => thumbnailer.Measure(source)) : thumbnailer.Measure(source);

    /// <param name="start">What has been read of the source.</param>
    private async Task<ImageSize> MeasureIsolatedAsync(
        ReadOnlyMemory<byte> start, Stream source, ImagePriority priority, CancellationToken cancellationToken)
    {
        var expected = source.CanSeek ? Math.Min(source.Length - source.Position, MaxMeasuredBytes) : MaxMeasuredBytes;
        using var memory = await scheduler.ReserveMemoryAsync(expected, priority, cancellationToken);
        using var read = new MemoryStream();
        read.Write(start.Span);
        var buffer = new byte[81_920];
        while (read.Length < MaxMeasuredBytes && await source.ReadAsync(buffer, cancellationToken) is > 0 and var length)
        {
            read.Write(buffer, 0, length);
        }

        var bytes = read.GetBuffer().AsMemory(0, (int)read.Length);
        var work = new ImageWork(Measure: true, []);
        var result = await scheduler.RunAsync(
            () => isolated.Make(bytes, work, Attempts, cancellationToken), new ImageCost(0, TimeSpan.Zero), priority, cancellationToken);

        return result.Size!;
    }
}
