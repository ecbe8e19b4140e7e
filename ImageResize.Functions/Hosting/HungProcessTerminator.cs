using System.Diagnostics;

namespace ImageResize.Functions;

/// <summary>
/// Ends the program when a picture cannot be stopped otherwise. What else is at work is finished or given back first, as at any stop; the
/// picture's own message comes back when its lease is over, and then goes to a child process.
/// </summary>
internal sealed partial class HangExit(IHostApplicationLifetime lifetime, ILogger<HangExit> logger)
{
    /// <summary>Not zero, so that a Functions host or a container starts us again. (EX_SOFTWARE)</summary>
    internal const int ExitCode = 70;

    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(15);

    public void End()
    {
        LogHung();
        Environment.ExitCode = ExitCode;
        lifetime.StopApplication();

        // A thread of its own: the pool may be what hangs.
        new Thread(() =>
        {
            Thread.Sleep(LongestStop);
            Process.GetCurrentProcess().Kill();
        })
        { IsBackground = true }.Start();
    }

    [LoggerMessage(LogLevel.Critical, "A picture cannot be stopped: the program ends, and its work comes back")]
    private partial void LogHung();
}
