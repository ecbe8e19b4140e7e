using System.Diagnostics;
using ImageResize.Core.Errors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>Works on pictures in child processes, so that what kills a decoder kills nothing else. A few children serve many pictures.</summary>
public sealed partial class IsolatedThumbnailer(
    ChildCommand command,
    IOptions<ImagingOptions> options,
    ILogger<IsolatedThumbnailer> logger) : IDisposable
{
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Stack<ChildProcess> _idle = new();
    private Timer? _timer;
    private bool _isDisposed;

    /// <param name="tries">After so many lost children the picture is refused.</param>
    /// <exception cref="RefusedException">The picture is at fault, or has cost as many children as it may.</exception>
    public async Task<ImageWorkResult> MakeAsync(ReadOnlyMemory<byte> source, ImageWork work, int tries, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AskAsync(source, work, cancellationToken);
            }
            catch (ChildLostException lost)
            {
                cancellationToken.ThrowIfCancellationRequested();
                LogLost(attempt, tries, lost.Message);
                if (attempt >= tries)
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

    private async Task<ImageWorkResult> AskAsync(ReadOnlyMemory<byte> source, ImageWork work, CancellationToken cancellationToken)
    {
        var child = FindIdle() ?? await ChildProcess.StartAsync(command, options.Value, cancellationToken);
        var isHealthy = false;
        try
        {
            var done = await child.AskAsync(source, work, cancellationToken);
            isHealthy = true;

            return done;
        }
        catch (RefusedException)
        {
            isHealthy = true;
            throw;
        }
        finally
        {
            Leave(child, isHealthy);
        }
    }

    private ChildProcess? FindIdle()
    {
        lock (_lock)
        {
            while (_idle.TryPop(out var child))
            {
                if (child.IsFit())
                {
                    return child;
                }

                child.Dispose();
            }

            return null;
        }
    }

    private void Leave(ChildProcess child, bool isHealthy)
    {
        lock (_lock)
        {
            if (isHealthy && !_isDisposed && child.IsFit())
            {
                child.IdleSince = Stopwatch.GetTimestamp();
                _idle.Push(child);
                _timer ??= new Timer(_ => EndIdle(), null, LongestIdle, LongestIdle);
                return;
            }
        }

        child.Dispose();
    }

    private void EndIdle()
    {
        lock (_lock)
        {
            var kept = _idle.Where(child => Stopwatch.GetElapsedTime(child.IdleSince) < LongestIdle).Reverse().ToList();
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

    [LoggerMessage(LogLevel.Warning, "A picture has cost a child process, try {Try} of {Tries}: {Reason}")]
    private partial void LogLost(int @try, int tries, string reason);
}
