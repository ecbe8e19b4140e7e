using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Isolation;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.Functions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Support;

/// <summary>Makes thumbnails in this process or in child processes, as the program does.</summary>
internal sealed class GuardRig : IDisposable
{
    private readonly Watchdog _watchdog;
    private readonly IsolatedThumbnailer _isolated;

    /// <param name="command">Starts a child process. The default is the program.</param>
    /// <param name="here">Makes thumbnails in this process. The default is the program's.</param>
    /// <param name="gate">Limits concurrent decodes. The default is the program's.</param>
    /// <param name="clock">Measures the deadline of images in this process.</param>
    public GuardRig(ImagingOptions? options = null, ChildCommand? command = null,
        IThumbnailer? here = null, ImageScheduler? gate = null, TimeProvider? clock = null)
    {
        var imaging = Options.Create(options ?? new ImagingOptions());
        _watchdog = new Watchdog(
            imaging, clock ?? TimeProvider.System, () => Environment.FailFast("An image hangs."), () => Environment.CpuUsage.TotalTime);
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
