using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading.Channels;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>
/// This program as its own child process: reads images from standard input, one at a time, and writes thumbnails to standard output. It
/// gets the limits from its parent and no other settings, has no keys and uses no network, and ends when its parent ends.
/// </summary>
public static class DecodeChild
{
    public const string Argument = "decode-child";

    /// <summary>
    /// Sent once after the start, so that the parent can distinguish a process that cannot start from one that an image crashed.
    /// </summary>
    internal static readonly byte[] Ready = [.. "ready"u8];

    public static async Task<int> RunAsync(Func<ImagingOptions, IThumbnailer> open)
    {
        // Ctrl+C and a service manager's stop signal all processes of a group. The parent decides, because it may still need its image.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true);
        PreferForOutOfMemoryKiller();

        await using var input = Console.OpenStandardInput();
        await using var output = Console.OpenStandardOutput();
        var thumbnailer = open(await ChildProtocol.ReadAsync(input, ChildJson.Default.ImagingOptions, CancellationToken.None));
        await ChildProtocol.WriteAsync(output, Ready, CancellationToken.None);

        var images = Channel.CreateUnbounded<(ImageWork Work, byte[] Source)>();
        var working = Task.Factory.StartNew(() => WorkAsync(images.Reader, output, thumbnailer), TaskCreationOptions.LongRunning).Unwrap();
        try
        {
            // Reads also while an image hangs, so that the end of the parent is noticed at once.
            while (await ChildProtocol.TryReadAsync(input, int.MaxValue, CancellationToken.None) is { } work)
            {
                var source = await ChildProtocol.ReadAsync(input, int.MaxValue, CancellationToken.None);
                images.Writer.TryWrite((JsonSerializer.Deserialize(work, ChildJson.Default.ImageWork)!, source));
            }
        }
        catch (IOException)
        {
            // The parent ended while it was writing.
        }

        // Returning would wait for a decoder that may never finish.
        Process.GetCurrentProcess().Kill();
        await working;

        return 0;
    }

    private static async Task WorkAsync(ChannelReader<(ImageWork Work, byte[] Source)> images, Stream output, IThumbnailer thumbnailer)
    {
        await foreach (var (work, source) in images.ReadAllAsync())
        {
            var (result, thumbnails) = Run(work, source, thumbnailer);
            await ChildProtocol.WriteAsync(output, result, ChildJson.Default.ChildResult, CancellationToken.None);
            foreach (var thumbnail in thumbnails)
            {
                await ChildProtocol.WriteAsync(output, thumbnail.Bytes, CancellationToken.None);
            }
        }
    }

    private static (ChildResult Result, IReadOnlyList<Thumbnail> Thumbnails) Run(ImageWork work, byte[] source, IThumbnailer thumbnailer)
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

    /// <summary>If the kernel has to end a process because memory is short, it should end this one and not the parent.</summary>
    private static void PreferForOutOfMemoryKiller()
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                File.WriteAllText("/proc/self/oom_score_adj", "1000");
            }
            catch (Exception forbidden) when (forbidden is IOException or UnauthorizedAccessException)
            {
                // The kernel decides by its usual rules.
            }
        }
    }
}
