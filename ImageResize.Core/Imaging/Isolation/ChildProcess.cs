using System.Diagnostics;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>A child process, seen from its parent. It processes one image at a time.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private static int _count;

    private readonly Process _process;
    private readonly ChildLimits _limits;

    private ChildProcess(Process process, ChildLimits limits)
    {
        (_process, _limits) = (process, limits);
        Interlocked.Increment(ref _count);
    }

    /// <summary>The child processes of this process.</summary>
    public static int Count => Volatile.Read(ref _count);

    /// <summary>A timestamp of <see cref="Stopwatch"/>.</summary>
    public long IdleSince { get; set; }

    private Stream Input => _process.StandardInput.BaseStream;

    private Stream Output => _process.StandardOutput.BaseStream;

    /// <exception cref="IOException">It cannot be started. No image is at fault.</exception>
    public static async Task<ChildProcess> StartAsync(ChildCommand command, ImagingOptions options, CancellationToken cancellationToken)
    {
        var limits = ChildLimits.Of(options);
        var child = new ChildProcess(command.Start(limits), limits);
        try
        {
            await ChildProtocol.WriteAsync(child.Input, options, ChildJson.Default.ImagingOptions, cancellationToken);
            await ChildProtocol.ReadAsync(child.Output, DecodeChild.Ready.Length, cancellationToken)
                .WaitAsync(StartTimeout, cancellationToken);

            return child;
        }
        catch (Exception failure)
        {
            child.Dispose();
            if (failure is IOException or TimeoutException)
            {
                throw new IOException("The child process that decodes images does not start.", failure);
            }

            throw;
        }
    }

    /// <exception cref="ChildLostException">It crashed or was ended, and cannot be used again.</exception>
    /// <exception cref="RefusedException">The image is at fault.</exception>
    public async Task<ImageWorkResult> RunAsync(ReadOnlyMemory<byte> source, ImageWork work, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var processorTimeBefore = GetProcessorTime();
        var exchange = ExchangeAsync(source, work);
        ChildLostException? exceeded = null;
        while (await Task.WhenAny(exchange, Task.Delay(PollInterval, CancellationToken.None)) != exchange)
        {
            exceeded ??= _limits.FindExceeded(Stopwatch.GetElapsedTime(started), GetProcessorTime() - processorTimeBefore, GetMemory());
            if (exceeded is not null || cancellationToken.IsCancellationRequested)
            {
                // A read from a pipe cannot be canceled. It ends with the process.
                Kill();
            }
        }

        try
        {
            return await exchange;
        }
        catch (IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw exceeded ?? new ChildLostException(ErrorCode.DecoderCrashed, "The image makes its decoder crash.");
        }
    }

    /// <summary>
    /// Whether it can be used again. A process that has grown could exceed the limit during an image that is not at fault.
    /// </summary>
    public bool IsReusable() => !_process.HasExited && GetMemory() < _limits.Memory / 2;

    public void Dispose()
    {
        Kill();
        _process.Dispose();
        Interlocked.Decrement(ref _count);
    }

    private async Task<ImageWorkResult> ExchangeAsync(ReadOnlyMemory<byte> source, ImageWork work)
    {
        await ChildProtocol.WriteAsync(Input, work, ChildJson.Default.ImageWork, CancellationToken.None);
        await ChildProtocol.WriteAsync(Input, source, CancellationToken.None);

        var result = await ChildProtocol.ReadAsync(Output, ChildJson.Default.ChildResult, CancellationToken.None);
        if (result.Refusal is { } refusal)
        {
            throw new RefusedException(refusal.Code, refusal.Message);
        }

        if (result.Fault is not null || result.Thumbnails.Count != work.Specs.Count)
        {
            throw new InvalidOperationException("A child process failed: " + result.Fault);
        }

        var thumbnails = new List<Thumbnail>();
        foreach (var thumbnail in result.Thumbnails)
        {
            var bytes = await ChildProtocol.ReadAsync(Output, (int)_limits.Memory, CancellationToken.None);
            thumbnails.Add(new Thumbnail(bytes, thumbnail.Format, thumbnail.Width, thumbnail.Height) { Note = thumbnail.Note });
        }

        return new ImageWorkResult(result.Size, thumbnails);
    }

    private TimeSpan GetProcessorTime() => Read(process => process.TotalProcessorTime);

    private long GetMemory() => Read(process => process.WorkingSet64);

    /// <returns>0 if the process has ended.</returns>
    private T Read<T>(Func<Process, T> read)
        where T : struct
    {
        try
        {
            _process.Refresh();
            return read(_process);
        }
        catch (InvalidOperationException)
        {
            return default;
        }
    }

    private void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has already ended.
        }
    }
}
