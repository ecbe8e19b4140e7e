using System.Diagnostics;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Isolation.Sandbox;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>
/// Processes images in child processes, so that a crash affects no other image. Child processes are reused: unless images are decoded in
/// the program, one is always ready, because a start takes longer than an image.
/// </summary>
public sealed partial class IsolatedThumbnailer : IDisposable
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(30);

    private readonly ChildCommand _command;
    private readonly ImagingOptions _options;
    private readonly ILogger<IsolatedThumbnailer> _logger;
    private readonly Lock _lock = new();
    private readonly Stack<ChildProcess> _idle = new();
    private readonly Timer _timer;
    private volatile DecoderIsolation _posture;
    private volatile bool _hasStartedSandboxed;
    private bool _isDisposed;

    public IsolatedThumbnailer(ChildCommand command, IOptions<ImagingOptions> options, ILogger<IsolatedThumbnailer> logger)
    {
        (_command, _options, _logger) = (command, options.Value, logger);
        _timer = new Timer(_ => StopIdle(), null, IdleTimeout, IdleTimeout);
        _posture = _options.Isolation;
        if (_posture == DecoderIsolation.Sandbox && SandboxSupport.FindObstacle() is { } obstacle)
        {
            UseNoSandbox(obstacle);
        }
    }

    /// <summary>The child processes of this process.</summary>
    public static int ChildProcesses => ChildProcess.Count;

    /// <summary>Where libvips reads images: as the setting says, or without a sandbox if the system has none.</summary>
    public DecoderIsolation Posture => _posture;

    /// <summary>Starts the first child process, so that no image waits for it.</summary>
    /// <exception cref="IOException">It does not start.</exception>
    public void Prepare(CancellationToken cancellationToken)
    {
        if (_posture != DecoderIsolation.InProcess)
        {
            Return(TakeIdle() ?? Start(cancellationToken), isReusable: true);
        }
    }

    /// <summary>Blocks until the image is done.</summary>
    /// <param name="attempts">Lost child processes after which the image is refused.</param>
    /// <exception cref="RefusedException">The image is at fault, or made as many child processes fail as allowed.</exception>
    public ImageWorkResult Make(ReadOnlyMemory<byte> source, ImageWork work, int attempts, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Run(source, work, cancellationToken);
            }
            catch (ChildLostException lost)
            {
                cancellationToken.ThrowIfCancellationRequested();
                LogLost(attempt, attempts, lost.Message);
                if (attempt >= attempts)
                {
                    throw new RefusedException(lost.Code, lost.Message);
                }
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timer.Dispose();
            while (_idle.TryPop(out var child))
            {
                child.Dispose();
            }
        }
    }

    private ImageWorkResult Run(ReadOnlyMemory<byte> source, ImageWork work, CancellationToken cancellationToken)
    {
        var child = TakeIdle() ?? Start(cancellationToken);
        var isReusable = false;
        try
        {
            var result = child.Run(source, work, cancellationToken);
            isReusable = true;

            return result;
        }
        catch (RefusedException)
        {
            isReusable = true;
            throw;
        }
        finally
        {
            Return(child, isReusable);
        }
    }

    private ChildProcess Start(CancellationToken cancellationToken)
    {
        var isSandboxed = _posture == DecoderIsolation.Sandbox;
        try
        {
            var child = ChildProcess.Start(_command, _options, isSandboxed, cancellationToken);
            _hasStartedSandboxed |= isSandboxed;

            return child;
        }
        catch (IOException) when (isSandboxed && !_hasStartedSandboxed)
        {
            // The kernel supports it, but this program does not start in it: a runtime in an unusual folder, or a container's rules.
            var child = ChildProcess.Start(_command, _options, isSandboxed: false, cancellationToken);
            UseNoSandbox("a child process does not start in it");

            return child;
        }
    }

    private void UseNoSandbox(string reason)
    {
        if (_posture == DecoderIsolation.Sandbox)
        {
            _posture = DecoderIsolation.Isolate;
            LogNoSandbox(reason);
        }
    }

    private ChildProcess? TakeIdle()
    {
        lock (_lock)
        {
            while (_idle.TryPop(out var child))
            {
                if (child.IsAlive())
                {
                    return child;
                }

                child.Dispose();
            }

            return null;
        }
    }

    private void Return(ChildProcess child, bool isReusable)
    {
        isReusable = isReusable && child.IsReusable();
        lock (_lock)
        {
            if (isReusable && !_isDisposed)
            {
                child.IdleSince = Stopwatch.GetTimestamp();
                _idle.Push(child);
                return;
            }
        }

        child.Dispose();
    }

    private void StopIdle()
    {
        lock (_lock)
        {
            // The last one used is first.
            var warm = _posture == DecoderIsolation.InProcess ? 0 : 1;
            var kept = _idle.Where((child, i) => i < warm || Stopwatch.GetElapsedTime(child.IdleSince) < IdleTimeout).Reverse().ToList();
            foreach (var child in _idle.Except(kept))
            {
                child.Dispose();
            }

            _idle.Clear();
            kept.ForEach(_idle.Push);
        }
    }

    [LoggerMessage(
        11003,
        LogLevel.Warning,
        "A child process failed on an image, attempt {Attempt} of {Attempts}: {Reason}",
        EventName = "IsolatedThumbnailerLost")]
    private partial void LogLost(int attempt, int attempts, string reason);

    [LoggerMessage(
        11004,
        LogLevel.Warning,
        "Images are decoded in child processes that the kernel does not confine, because there is no sandbox: {Reason}",
        EventName = "IsolatedThumbnailerNoSandbox")]
    private partial void LogNoSandbox(string reason);
}
