using System.Diagnostics;
using ImageResize.Core.Errors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>Processes images in child processes, so that a crash affects no other image. Child processes are reused.</summary>
public sealed partial class IsolatedThumbnailer(
    ChildCommand command,
    IOptions<ImagingOptions> options,
    ILogger<IsolatedThumbnailer> logger) : IDisposable
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Stack<ChildProcess> _idle = new();
    private Timer? _timer;
    private bool _isDisposed;

    /// <summary>The child processes of this process.</summary>
    public static int ChildProcesses => ChildProcess.Count;

    /// <param name="attempts">Lost child processes after which the image is refused.</param>
    /// <exception cref="RefusedException">The image is at fault, or made as many child processes fail as allowed.</exception>
    public async Task<ImageWorkResult> MakeAsync(
        ReadOnlyMemory<byte> source, ImageWork work, int attempts, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await RunAsync(source, work, cancellationToken);
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
            _timer?.Dispose();
            while (_idle.TryPop(out var child))
            {
                child.Dispose();
            }
        }
    }

    private async Task<ImageWorkResult> RunAsync(ReadOnlyMemory<byte> source, ImageWork work, CancellationToken cancellationToken)
    {
        var child = TakeIdle() ?? await ChildProcess.StartAsync(command, options.Value, cancellationToken);
        var isReusable = false;
        try
        {
            var result = await child.RunAsync(source, work, cancellationToken);
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

    private ChildProcess? TakeIdle()
    {
        lock (_lock)
        {
            while (_idle.TryPop(out var child))
            {
                if (child.IsReusable())
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
        lock (_lock)
        {
            if (isReusable && !_isDisposed && child.IsReusable())
            {
                child.IdleSince = Stopwatch.GetTimestamp();
                _idle.Push(child);
                _timer ??= new Timer(_ => StopIdle(), null, IdleTimeout, IdleTimeout);
                return;
            }
        }

        child.Dispose();
    }

    private void StopIdle()
    {
        lock (_lock)
        {
            var kept = _idle.Where(child => Stopwatch.GetElapsedTime(child.IdleSince) < IdleTimeout).Reverse().ToList();
            foreach (var child in _idle.Except(kept))
            {
                child.Dispose();
            }

            _idle.Clear();
            kept.ForEach(_idle.Push);
            if (kept.Count == 0)
            {
                _timer?.Dispose();
                _timer = null;
            }
        }
    }

    [LoggerMessage(
        11003,
        LogLevel.Warning,
        "A child process failed on an image, attempt {Attempt} of {Attempts}: {Reason}",
        EventName = "IsolatedThumbnailerLost")]
    private partial void LogLost(int attempt, int attempts, string reason);
}
