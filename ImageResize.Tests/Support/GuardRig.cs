using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Isolation;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.Functions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Support;

/// <summary>Real thumbnails, here or in real child processes.</summary>
internal sealed class GuardRig : IDisposable
{
    private readonly Watchdog _watchdog;
    private readonly IsolatedThumbnailer _isolated;

    /// <param name="command">How a child is started; the program itself when none is given.</param>
    /// <param name="here">What works in this process; the program's own when none is given.</param>
    /// <param name="gate">The program's own when none is given.</param>
    /// <param name="clock">By which pictures here are late.</param>
    public GuardRig(ImagingOptions? options = null, ChildCommand? command = null,
        IThumbnailer? here = null, ImageScheduler? gate = null, TimeProvider? clock = null)
    {
        var imaging = Options.Create(options ?? new ImagingOptions());
        _watchdog = new Watchdog(
            imaging, clock ?? TimeProvider.System, () => Environment.FailFast("A picture hangs."), () => Environment.CpuUsage.TotalTime);
        _isolated = new IsolatedThumbnailer(
            command ?? ChildCommand.For(typeof(Program).Assembly.Location, DecodeChild.Argument),
            imaging,
            NullLogger<IsolatedThumbnailer>.Instance);
        Thumbnailer = new GuardedThumbnailer(here ?? new Thumbnailer(imaging), _isolated, gate ?? new ImageScheduler(), _watchdog, imaging);
    }

    public GuardedThumbnailer Thumbnailer { get; }

    public void Dispose()
    {
        _isolated.Dispose();
        _watchdog.Dispose();
    }
}
