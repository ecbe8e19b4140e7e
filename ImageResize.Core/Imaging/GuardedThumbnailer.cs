using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Isolation;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Imaging;

/// <summary>
/// Has pictures worked on so that none can do more harm than to itself: here when a core and memory are free and within a deadline, or apart in a
/// child process when it is one that a process may have died of.
/// </summary>
public sealed class GuardedThumbnailer(
    IThumbnailer thumbnailer,
    IsolatedThumbnailer isolated,
    ImageGate gate,
    Watchdog watchdog,
    IOptions<ImagingOptions> options)
{
    private const int Tries = 2;

    public int Width => gate.Width;

    public GateTurn TakeTurn(bool isUrgent) => gate.TakeTurn(isUrgent);

    /// <summary>Here, and not through the gate: a header costs little, and a slow source would keep others from decoding.</summary>
    /// <exception cref="ImageRefusedException">No image, or none that we read. What the stream throws goes through.</exception>
    public Task<ImageSize> MeasureAsync(Stream source, CancellationToken cancellationToken) => Task.Run(
        () => watchdog.Run(time => thumbnailer.Measure(new WaitingStream(source, time)), cancellationToken),
        cancellationToken);

    /// <param name="turn">Where pictures wait for a core.</param>
    /// <param name="isSuspect">A process may have died of it.</param>
    /// <exception cref="ImageRefusedException">The picture is at fault.</exception>
    public async Task<PictureDone> MakeAsync(
        ReadOnlyMemory<byte> source, PictureWork work, GateTurn turn, bool isSuspect, CancellationToken cancellationToken)
    {
        var weight = PictureWeight.Of(source.Span, work.Specs, options.Value);
        var tries = Tries;
        if (!isSuspect)
        {
            try
            {
                return await gate.RunAsync(
                    () => watchdog.Run(time => work.Do(thumbnailer, source, time.Token), cancellationToken),
                    weight,
                    turn,
                    cancellationToken);
            }
            catch (ImageOverrunException)
            {
                // Once more, where its time alone is counted.
                tries--;
            }
        }

        return await gate.RunAsync(() => isolated.MakeAsync(source, work, tries, cancellationToken), weight, turn, cancellationToken);
    }
}
