using System.Diagnostics;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>A running child, as its parent sees it. Serves one picture at a time.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ChildLimits _bounds;

    private ChildProcess(Process process, ChildLimits bounds) => (_process, _bounds) = (process, bounds);

    public long IdleSince { get; set; }

    private Stream Input => _process.StandardInput.BaseStream;

    private Stream Output => _process.StandardOutput.BaseStream;

    /// <exception cref="IOException">It cannot be started. No picture is to blame.</exception>
    public static async Task<ChildProcess> StartAsync(ChildCommand command, ImagingOptions options, CancellationToken cancellationToken)
    {
        var bounds = ChildLimits.Of(options);
        var child = new ChildProcess(command.Start(bounds), bounds);
        try
        {
            await ChildProtocol.WriteAsync(child.Input, options, ChildJson.Default.ImagingOptions, cancellationToken);
            await ChildProtocol.ReadAsync(child.Output, DecodeChild.Ready.Length, cancellationToken).WaitAsync(StartsWithin, cancellationToken);

            return child;
        }
        catch (Exception failure)
        {
            child.Dispose();
            if (failure is IOException or TimeoutException)
            {
                throw new IOException("The child process for pictures does not start.", failure);
            }

            throw;
        }
    }

    /// <exception cref="ChildLostException">It died or was ended; it is of no more use.</exception>
    /// <exception cref="RefusedException">The picture is at fault.</exception>
    public async Task<ImageWorkResult> AskAsync(ReadOnlyMemory<byte> source, ImageWork work, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var workedBefore = Worked();
        var talking = TalkAsync(source, work);
        ChildLostException? broken = null;
        while (await Task.WhenAny(talking, Task.Delay(Tick, CancellationToken.None)) != talking)
        {
            broken ??= _bounds.FindBroken(Stopwatch.GetElapsedTime(started), Worked() - workedBefore, Memory());
            if (broken is not null || cancellationToken.IsCancellationRequested)
            {
                // A read from a pipe cannot be canceled; the child's death ends it.
                Kill();
            }
        }

        try
        {
            return await talking;
        }
        catch (IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw broken ?? new ChildLostException(ErrorCode.DecoderCrashed, "The image makes its decoder crash.");
        }
    }

    /// <summary>Whether it is worth keeping: one that has grown would be ended in the midst of a picture that is not to blame.</summary>
    public bool IsFit() => !_process.HasExited && Memory() < _bounds.Memory / 2;

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private async Task<ImageWorkResult> TalkAsync(ReadOnlyMemory<byte> source, ImageWork work)
    {
        await ChildProtocol.WriteAsync(Input, work, ChildJson.Default.ImageWork, CancellationToken.None);
        await ChildProtocol.WriteAsync(Input, source, CancellationToken.None);

        var answer = await ChildProtocol.ReadAsync(Output, ChildJson.Default.ChildAnswer, CancellationToken.None);
        if (answer.Refusal is { } refusal)
        {
            throw new RefusedException(refusal.Code, refusal.Message);
        }

        if (answer.Fault is not null || answer.Thumbnails.Count != work.Specs.Count)
        {
            throw new InvalidOperationException("A child could not do its work: " + answer.Fault);
        }

        var thumbnails = new List<Thumbnail>();
        foreach (var made in answer.Thumbnails)
        {
            var bytes = await ChildProtocol.ReadAsync(Output, (int)_bounds.Memory, CancellationToken.None);
            thumbnails.Add(new Thumbnail(bytes, made.Format, made.Width, made.Height));
        }

        return new ImageWorkResult(answer.Size, thumbnails);
    }

    private TimeSpan Worked() => Look(process => process.TotalProcessorTime);

    private long Memory() => Look(process => process.WorkingSet64);

    /// <summary>Nothing of one that has gone.</summary>
    private T Look<T>(Func<Process, T> look)
        where T : struct
    {
        try
        {
            _process.Refresh();
            return look(_process);
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
            // It has gone already.
        }
    }
}
