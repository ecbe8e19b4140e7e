using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Isolation.Processes;
using ImageResize.Core.Imaging.Isolation.Sandbox;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Imaging.Vips;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>
/// This program as its own child process: reads images, one at a time, and writes thumbnails to standard output. It gets the limits from
/// its parent and no other settings, has no keys and uses no network, and ends when its parent ends.
/// </summary>
public static class DecodeChild
{
    public const string Argument = "decode-child";

    /// <summary>
    /// Sent once after the start, so that the parent can distinguish a process that cannot start from one that an image crashed.
    /// </summary>
    internal static readonly byte[] Ready = [.. "ready"u8];

    /// <summary>Sent instead if sources are read from shared memory.</summary>
    internal static readonly byte[] ReadyForSharedMemory = [.. "ready for shared memory"u8];

    /// <summary>A PNG of one pixel.</summary>
    private static readonly byte[] TinyImage = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    /// <param name="arguments">Of the program.</param>
    /// <param name="open">Gets what makes thumbnails, with the limits of the parent.</param>
    /// <returns>The exit code. Does not return while the parent lives.</returns>
    public static int Run(string[] arguments, Func<ImagingOptions, IThumbnailer> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        var child = ChildArguments.Parse(arguments);
        ParentDeath.Bind(child.Parent);
        if (child.Mode == ChildMode.Launch)
        {
            // The memory is opened before files are forbidden, and stays open.
            OutOfMemoryKiller.PreferThisProcess();
            var source = MappedSource.Open(child.Parent, child.Source);

            return SandboxLauncher.Run((child with { Mode = ChildMode.Sandboxed, Source = source }).ToList());
        }

        // Ctrl+C and a service manager's stop signal all processes of a group. The parent decides, because it may still need its image.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true);
        using var input = Console.OpenStandardInput();
        using var output = Console.OpenStandardOutput();
        var memory = child.Mode == ChildMode.Sandboxed ? child.Source : MappedSource.Open(child.Parent, child.Source);
        var options = ChildProtocol.Read(input, ChildJson.Default.ImagingOptions);
        var thumbnailer = open(options);
        WarmUp(thumbnailer);
        if (child.Mode == ChildMode.Sandboxed)
        {
            ConfinedProcess.Enter(ChildLimits.Of(options).Memory);
        }
        else
        {
            OutOfMemoryKiller.PreferThisProcess();
        }

        ChildProtocol.Write(output, memory < 0 ? Ready : ReadyForSharedMemory);
        ReadImages(input, output, thumbnailer, memory);

        // Returning would wait for a decoder that may never finish.
        Process.GetCurrentProcess().Kill();

        return 0;
    }

    /// <summary>Loads libvips and compiles what each image needs, before an image waits for it and while files can be opened.</summary>
    private static void WarmUp(IThumbnailer thumbnailer)
    {
        var work = new ImageWork(Measure: true, [new ThumbnailSpec(1, 1)]);
        work.Run(thumbnailer, TinyImage, CancellationToken.None);
    }

    /// <summary>Reads also while an image hangs, so that the end of the parent is noticed at once.</summary>
    private static void ReadImages(Stream input, Stream output, IThumbnailer thumbnailer, int memory)
    {
        var images = Channel.CreateUnbounded<(ImageWork Work, ReadOnlyMemory<byte> Source)>();
        _ = Task.Factory.StartNew(() => WorkAsync(images.Reader, output, thumbnailer), TaskCreationOptions.LongRunning).Unwrap();
        try
        {
            while (ChildProtocol.TryRead(input, ChildJson.Default.ChildRequest) is { } request)
            {
                ReadOnlyMemory<byte> source = request.SharedLength switch
                {
                    null => ChildProtocol.Read(input, int.MaxValue),
                    0 => default,
                    { } length => new MappedSource(memory, length).Memory,
                };
                images.Writer.TryWrite((request.Work, source));
            }
        }
        catch (IOException)
        {
            // The parent ended while it was writing.
        }
    }

    private static async Task WorkAsync(
        ChannelReader<(ImageWork Work, ReadOnlyMemory<byte> Source)> images, Stream output, IThumbnailer thumbnailer)
    {
        await foreach (var (work, source) in images.ReadAllAsync())
        {
            var (result, thumbnails) = Run(work, source, thumbnailer);
            if (MemoryMarshal.TryGetMemoryManager(source, out MappedSource? mapped))
            {
                ((IDisposable)mapped).Dispose();
            }

            ChildProtocol.Write(output, result, ChildJson.Default.ChildResult);
            foreach (var thumbnail in thumbnails)
            {
                ChildProtocol.Write(output, thumbnail.Bytes.Span);
            }
        }
    }

    private static (ChildResult Result, IReadOnlyList<Thumbnail> Thumbnails) Run(
        ImageWork work, ReadOnlyMemory<byte> source, IThumbnailer thumbnailer)
    {
        try
        {
            var result = work.Run(thumbnailer, source, CancellationToken.None);
            var thumbnails = result.Thumbnails
                .Select(thumbnail => new ChildThumbnail(thumbnail.Format, thumbnail.Width, thumbnail.Height, thumbnail.Note));

            return (new ChildResult(result.Size, [.. thumbnails]), result.Thumbnails);
        }
        catch (RefusedException refusal)
        {
            return (new ChildResult(null, [], new ChildRefusal(refusal.Code, refusal.Message)), []);
        }
        catch (OutOfMemoryException)
        {
            return (new ChildResult(
                null, [], new ChildRefusal(ErrorCode.TooLarge, "The image takes more memory to decode than is allowed.")), []);
        }
        catch (Exception fault)
        {
            return (new ChildResult(null, [], Fault: fault.ToString()), []);
        }
    }
}
