using System.Diagnostics;

namespace ImageResize.Functions.Hosting;

/// <summary>
/// Ends the process when image processing can't be canceled. As at any stop, other work is finished or given back first. The image's
/// message becomes visible again when its visibility timeout ends, and is then processed in a child process.
/// </summary>
internal sealed partial class HungProcessTerminator(IHostApplicationLifetime lifetime, ILogger<HungProcessTerminator> logger)
{
    /// <summary>Not zero, so that a Functions host or a container runtime restarts the process (EX_SOFTWARE of sysexits.h).</summary>
    internal const int ExitCode = 70;

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(15);

    public void Terminate()
    {
        LogHung();
        Environment.ExitCode = ExitCode;
        lifetime.StopApplication();

        // A separate thread, because the thread pool may be blocked.
        new Thread(() =>
        {
            Thread.Sleep(StopTimeout);
            Process.GetCurrentProcess().Kill();
        })
        { IsBackground = true }.Start();
    }

    [LoggerMessage(
        18001,
        LogLevel.Critical,
        "Image processing hung; restarting. Its messages will be redelivered",
        EventName = "HungProcessTerminatorHung")]
    private partial void LogHung();
}
