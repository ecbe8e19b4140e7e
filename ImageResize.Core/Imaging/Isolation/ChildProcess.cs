using System.Diagnostics;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Isolation.Processes;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>A child process, seen from its parent. It processes one image at a time.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    /// <summary>A thumbnail has no more bytes for each of its pixels, and these besides.</summary>
    private const int MaxBytesPerPixel = 16;
    private const int MaxOverhead = 1_000_000;

    private static int _count;

    private readonly Process _process;
    private readonly ImagingOptions _options;
    private readonly ChildLimits _limits;
    private readonly SharedSource? _memory;
    private readonly ProcessMemory _used;
    private volatile bool _isKilled;
    private bool _readsMemory;

    private ChildProcess(Process process, ImagingOptions options, ChildLimits limits, SharedSource? memory)
    {
        (_process, _options, _limits, _memory) = (process, options, limits, memory);
        _used = new ProcessMemory(process);
        Interlocked.Increment(ref _count);
    }

    /// <summary>The child processes of this process.</summary>
    public static int Count => Volatile.Read(ref _count);

    /// <summary>A timestamp of <see cref="Stopwatch"/>.</summary>
    public long IdleSince { get; set; }

    private Stream Input => _process.StandardInput.BaseStream;

    private Stream Output => _process.StandardOutput.BaseStream;

    /// <exception cref="IOException">It cannot be started. No image is at fault.</exception>
    public static ChildProcess Start(
        ChildCommand command, ImagingOptions options, bool isSandboxed, CancellationToken cancellationToken)
    {
        var limits = ChildLimits.Of(options);
        var mode = isSandboxed ? ChildMode.Launch : ChildMode.Isolated;
        var memory = SharedSource.TryCreate();
        ChildProcess child;
        try
        {
            var process = ChildStarter.Start(() => command.Start(limits, mode, memory?.Descriptor ?? -1));
            child = new ChildProcess(process, options, limits, memory);
        }
        catch
        {
            memory?.Dispose();
            throw;
        }

        return child.WaitUntilReady(cancellationToken);
    }

    /// <exception cref="ChildLostException">It crashed or was ended, and cannot be used again.</exception>
    /// <exception cref="RefusedException">The image is at fault.</exception>
    public ImageWorkResult Run(ReadOnlyMemory<byte> source, ImageWork work, CancellationToken cancellationToken)
    {
        // A read from a pipe cannot be canceled. It ends with the process.
        var watch = new Watch(this);
        using var timer = new Timer(_ => watch.Check(), null, PollInterval, PollInterval);
        using var canceled = cancellationToken.Register(watch.Kill);
        try
        {
            return Exchange(source.Span, work);
        }
        catch (IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw watch.Exceeded ?? new ChildLostException(ErrorCode.DecoderCrashed, "The image makes its decoder crash.");
        }
        finally
        {
            watch.End();
            _memory?.Trim(source.Length);
        }
    }

    /// <summary>
    /// Whether it can be used again. A process that has grown could exceed the limit during an image that is not at fault.
    /// </summary>
    public bool IsReusable() => IsAlive() && _used.Read() < _limits.Memory / 2;

    public bool IsAlive() => !_isKilled && !_process.HasExited;

    public void Dispose()
    {
        Kill();
        _process.Dispose();
        _used.Dispose();
        _memory?.Dispose();
        Interlocked.Decrement(ref _count);
    }

    private ChildProcess WaitUntilReady(CancellationToken cancellationToken)
    {
        using var timer = new Timer(_ => Kill(), null, StartTimeout, Timeout.InfiniteTimeSpan);
        using var canceled = cancellationToken.Register(Kill);
        try
        {
            ChildProtocol.Write(Input, _options, ChildJson.Default.ImagingOptions);
            var ready = ChildProtocol.Read(Output, DecodeChild.ReadyForSharedMemory.Length);
            _readsMemory = ready.AsSpan().SequenceEqual(DecodeChild.ReadyForSharedMemory);

            return this;
        }
        catch (IOException failure)
        {
            Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw new IOException("The child process that decodes images does not start.", failure);
        }
    }

    private ImageWorkResult Exchange(ReadOnlySpan<byte> source, ImageWork work)
    {
        if (_readsMemory)
        {
            _memory!.Write(source);
            ChildProtocol.Write(Input, new ChildRequest(work, source.Length), ChildJson.Default.ChildRequest);
        }
        else
        {
            ChildProtocol.Write(Input, new ChildRequest(work, SharedLength: null), ChildJson.Default.ChildRequest);
            ChildProtocol.Write(Input, source);
        }

        var result = ChildProtocol.Read(Output, ChildJson.Default.ChildResult);
        if (result.Refusal is { } refusal)
        {
            throw new RefusedException(refusal.Code, refusal.Message);
        }

        if (result.Fault is not null || result.Thumbnails.Count != work.Specs.Count)
        {
            throw new InvalidOperationException("A child process failed: " + result.Fault);
        }

        var thumbnails = new List<Thumbnail>();
        foreach (var (thumbnail, spec) in result.Thumbnails.Zip(work.Specs))
        {
            var bytes = ChildProtocol.Read(Output, GetMaxLength(spec));
            thumbnails.Add(new Thumbnail(bytes, thumbnail.Format, thumbnail.Width, thumbnail.Height) { Note = thumbnail.Note });
        }

        return new ImageWorkResult(result.Size, thumbnails);
    }

    /// <summary>The longest block that a child may send, because it may have been taken over by an image.</summary>
    private int GetMaxLength(ThumbnailSpec spec)
    {
        var frames = spec.Animated ? _options.MaxFrames : 1;
        var length = MaxOverhead + ((long)spec.Width * spec.Height * frames * MaxBytesPerPixel);

        return (int)Math.Min(length, Math.Min(_limits.Memory, Array.MaxLength));
    }

    /// <returns>0 if the process has ended.</returns>
    private TimeSpan GetProcessorTime()
    {
        try
        {
            _process.Refresh();

            return _process.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            return default;
        }
    }

    private void Kill()
    {
        _isKilled = true;
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has already ended.
        }
    }

    /// <summary>Ends the process if its image exceeds a limit or is canceled.</summary>
    private sealed class Watch(ChildProcess child)
    {
        private readonly Lock _lock = new();
        private readonly long _started = Stopwatch.GetTimestamp();
        private TimeSpan? _processorTimeBefore;
        private bool _hasEnded;

        public ChildLostException? Exceeded { get; private set; }

        public void Check()
        {
            lock (_lock)
            {
                if (_hasEnded || Exceeded is not null)
                {
                    return;
                }

                // Read at the first check, because most images have ended by then.
                var processorTime = child.GetProcessorTime();
                _processorTimeBefore ??= processorTime;
                Exceeded = child._limits.FindExceeded(
                    Stopwatch.GetElapsedTime(_started), processorTime - _processorTimeBefore.Value, child._used.Read());
                if (Exceeded is not null)
                {
                    child.Kill();
                }
            }
        }

        public void Kill()
        {
            lock (_lock)
            {
                if (!_hasEnded)
                {
                    child.Kill();
                }
            }
        }

        public void End()
        {
            lock (_lock)
            {
                _hasEnded = true;
            }
        }
    }
}
