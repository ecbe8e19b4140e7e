using System.Diagnostics;
using System.Globalization;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>A running child, as its parent sees it. Serves one picture at a time.</summary>
internal sealed class ChildProcess : IDisposable
{
    /// <summary>What the runtime needs of our environment; all else stays here, the storage account's key first of all.</summary>
    private static readonly string[] Inherited =
    [
        "PATH", "HOME", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64",
        "SystemRoot", "windir", "SystemDrive",
    ];

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ChildBounds _bounds;

    private ChildProcess(Process process, ChildBounds bounds) => (_process, _bounds) = (process, bounds);

    public long IdleSince { get; set; }

    private Stream Input => _process.StandardInput.BaseStream;

    private Stream Output => _process.StandardOutput.BaseStream;

    /// <exception cref="IOException">It cannot be started. No picture is to blame.</exception>
    public static async Task<ChildProcess> StartAsync(ChildCommand command, ImagingOptions options, CancellationToken cancellationToken)
    {
        var bounds = ChildBounds.Of(options);
        var child = new ChildProcess(Launch(command, bounds), bounds);
        try
        {
            await ChildWire.WriteAsync(child.Input, options, ChildJson.Default.ImagingOptions, cancellationToken);
            await ChildWire.ReadAsync(child.Output, DecodeChild.Ready.Length, cancellationToken).WaitAsync(StartsWithin, cancellationToken);

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
    /// <exception cref="ImageRefusedException">The picture is at fault.</exception>
    public async Task<PictureDone> AskAsync(ReadOnlyMemory<byte> source, PictureWork work, CancellationToken cancellationToken)
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
            throw broken ?? new ChildLostException(RefusalCode.DecoderCrashed, "The image makes its decoder crash.");
        }
    }

    /// <summary>Whether it is worth keeping: one that has grown would be ended in the midst of a picture that is not to blame.</summary>
    public bool IsFit() => !_process.HasExited && Memory() < _bounds.Memory / 2;

    public void Dispose()
    {
        Kill();
        _process.Dispose();
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

    private static Process Launch(ChildCommand command, ChildBounds bounds)
    {
        var start = new ProcessStartInfo(command.Program, command.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            CreateNoWindow = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        var ours = Inherited.Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name))).Where(one => one.Value is not null).ToList();
        start.Environment.Clear();
        ours.ForEach(one => start.Environment[one.Name] = one.Value);
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["MALLOC_ARENA_MAX"] = "2";
        start.Environment["DOTNET_GCHeapHardLimit"] = bounds.Memory.ToString("x", CultureInfo.InvariantCulture);

        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new IOException("The child process for pictures cannot be started.", failure);
        }
    }

    private async Task<PictureDone> TalkAsync(ReadOnlyMemory<byte> source, PictureWork work)
    {
        await ChildWire.WriteAsync(Input, work, ChildJson.Default.PictureWork, CancellationToken.None);
        await ChildWire.WriteAsync(Input, source, CancellationToken.None);

        var answer = await ChildWire.ReadAsync(Output, ChildJson.Default.ChildAnswer, CancellationToken.None);
        if (answer.Refusal is { } refusal)
        {
            throw new ImageRefusedException(refusal.Code, refusal.Message);
        }

        if (answer.Fault is not null || answer.Thumbnails.Count != work.Specs.Count)
        {
            throw new InvalidOperationException("A child could not do its work: " + answer.Fault);
        }

        var thumbnails = new List<Thumbnail>();
        foreach (var made in answer.Thumbnails)
        {
            var bytes = await ChildWire.ReadAsync(Output, (int)_bounds.Memory, CancellationToken.None);
            thumbnails.Add(new Thumbnail(bytes, made.Format, made.Width, made.Height));
        }

        return new PictureDone(answer.Size, thumbnails);
    }

    private TimeSpan Worked()
    {
        try
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            return TimeSpan.Zero;
        }
    }

    private long Memory()
    {
        try
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }
}
