using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Isolation;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Imaging.Scheduling;

/// <summary>
/// Has pictures worked on so that none can do more harm than to itself: here when a core and memory are free and within a deadline, or
/// apart in a child process when it is one that a process may have died of.
/// </summary>
public sealed class GuardedThumbnailer(
    IThumbnailer thumbnailer,
    IsolatedThumbnailer isolated,
    ImageScheduler gate,
    Watchdog watchdog,
    IOptions<ImagingOptions> options)
{
    private const int Tries = 2;

    /// <summary>Bytes of a file in which a child finds its header.</summary>
    private const int MostMeasuredApart = 100_000_000;

    public int Width => gate.Width;

    public ImagePriority TakePriority(bool isUrgent) => gate.TakePriority(isUrgent);

    /// <summary>
    /// Here, and not through the gate: a header costs little, and a slow source would keep others from decoding. After a death of the program
    /// in a child, once its bytes are here.
    /// </summary>
    /// <exception cref="RefusedException">No image, or none that we read. What the stream throws goes through.</exception>
    public Task<ImageSize> MeasureAsync(Stream source, CancellationToken cancellationToken) => watchdog.IsCareful
        ? MeasureApartAsync(source, TakePriority(isUrgent: true), cancellationToken)
        : Task.Run(
            () => watchdog.Run(time => thumbnailer.Measure(new WaitingStream(source, time)), cancellationToken),
            cancellationToken);

    /// <param name="turn">Where pictures wait for a core.</param>
    /// <param name="isSuspect">A process may have died of it.</param>
    /// <exception cref="RefusedException">The picture is at fault.</exception>
    public async Task<ImageWorkResult> MakeAsync(
        ReadOnlyMemory<byte> source, ImageWork work, ImagePriority turn, bool isSuspect, CancellationToken cancellationToken)
    {
        var weight = MemoryEstimate.Of(source.Span, work.Specs, options.Value);
        var tries = Tries;
        if (!isSuspect && !watchdog.IsCareful)
        {
            try
            {
                return await gate.RunAsync(
                    () => watchdog.Run(time => work.Do(thumbnailer, source, time.Token), cancellationToken),
                    weight,
                    turn,
                    cancellationToken);
            }
            catch (ImageTimeoutException)
            {
                // Once more, where its time alone is counted.
                tries--;
            }
        }

        return await gate.RunAsync(() => isolated.MakeAsync(source, work, tries, cancellationToken), weight, turn, cancellationToken);
    }

    private async Task<ImageSize> MeasureApartAsync(Stream source, ImagePriority turn, CancellationToken cancellationToken)
    {
        using var room = await gate.TakeMemoryAsync(MostMeasuredApart, turn, cancellationToken);
        using var start = new MemoryStream();
        var piece = new byte[81_920];
        while (start.Length < MostMeasuredApart && await source.ReadAsync(piece, cancellationToken) is > 0 and var length)
        {
            start.Write(piece, 0, length);
        }

        var bytes = start.GetBuffer().AsMemory(0, (int)start.Length);
        var work = new ImageWork(Measure: true, []);
        var done = await gate.RunAsync(() => isolated.MakeAsync(bytes, work, Tries, cancellationToken), weight: 0, turn, cancellationToken);

        return done.Size!;
    }
}
