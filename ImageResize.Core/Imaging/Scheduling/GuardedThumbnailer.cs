using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Isolation;
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
    IOptions<ImagingOptions> options)
{
    private const int Attempts = 2;

    /// <summary>Bytes of a file that are sent to a child process to be measured. The header is among them.</summary>
    private const int MaxMeasuredBytes = 100_000_000;

    /// <summary>Images that are decoded at once.</summary>
    public int Width => scheduler.Width;

    public ImagePriority TakePriority(bool isUrgent) => scheduler.TakePriority(isUrgent);

    /// <summary>
    /// Measures an image in this process and without queueing: a header costs little, and a slow source would keep others from decoding.
    /// After a crash of the program, in a child process.
    /// </summary>
    /// <exception cref="RefusedException">Not an image, or a format that is not read. Exceptions of the stream pass through.</exception>
    public Task<ImageSize> MeasureAsync(Stream source, CancellationToken cancellationToken) => watchdog.RequiresIsolation
        ? MeasureIsolatedAsync(source, TakePriority(isUrgent: true), cancellationToken)
        : Task.Run(
            () => watchdog.Run(time => thumbnailer.Measure(new WaitingStream(source, time)), cancellationToken),
            cancellationToken);

    /// <param name="isSuspect">Whether the image may have crashed a process.</param>
    /// <exception cref="RefusedException">The image is at fault.</exception>
    public async Task<ImageWorkResult> MakeAsync(
        ReadOnlyMemory<byte> source, ImageWork work, ImagePriority priority, bool isSuspect, CancellationToken cancellationToken)
    {
        var bytes = MemoryEstimate.Of(source.Span, work.Specs, options.Value);
        var attempts = Attempts;
        if (!isSuspect && !watchdog.RequiresIsolation)
        {
            try
            {
                return await scheduler.RunAsync(
                    () => watchdog.Run(time => work.Run(thumbnailer, source, time.Token), cancellationToken),
                    bytes,
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
            () => isolated.MakeAsync(source, work, attempts, cancellationToken), bytes, priority, cancellationToken);
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
            () => isolated.MakeAsync(bytes, work, Attempts, cancellationToken), bytes: 0, priority, cancellationToken);

        return result.Size!;
    }
}
