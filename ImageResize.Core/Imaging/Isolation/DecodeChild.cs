using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading.Channels;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>
/// This program as its own child: takes pictures from standard input one at a time and gives thumbnails back. It knows no settings but
/// the limits it is told, no keys and no network, and ends when its parent does, however that ends.
/// </summary>
public static class DecodeChild
{
    public const string Argument = "decode-child";

    /// <summary>Said once when everything stands, so that a child that cannot start is not taken for one that a picture has killed.</summary>
    internal static readonly byte[] Ready = [.. "ready"u8];

    public static async Task<int> RunAsync(Func<ImagingOptions, IThumbnailer> open)
    {
        // Ctrl+C and a service manager's stop go to all of a group. The parent decides: it may still want its picture.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true);
        OfferToKernel();

        await using var input = Console.OpenStandardInput();
        await using var output = Console.OpenStandardOutput();
        var thumbnailer = open(await ChildProtocol.ReadAsync(input, ChildJson.Default.ImagingOptions, CancellationToken.None));
        await ChildProtocol.WriteAsync(output, Ready, CancellationToken.None);

        var pictures = Channel.CreateUnbounded<(ImageWork Work, byte[] Source)>();
        var working = Task.Factory.StartNew(() => WorkAsync(pictures.Reader, output, thumbnailer), TaskCreationOptions.LongRunning).Unwrap();
        try
        {
            // Always reading, also while a picture hangs: so the end of the parent is heard at once.
            while (await ChildProtocol.FindAsync(input, int.MaxValue, CancellationToken.None) is { } work)
            {
                var source = await ChildProtocol.ReadAsync(input, int.MaxValue, CancellationToken.None);
                pictures.Writer.TryWrite((JsonSerializer.Deserialize(work, ChildJson.Default.ImageWork)!, source));
            }
        }
        catch (IOException)
        {
            // The parent ended while it was writing.
        }

        // Not a return: that would wait for what a decoder may never finish.
        Process.GetCurrentProcess().Kill();
        await working;

        return 0;
    }

    private static async Task WorkAsync(ChannelReader<(ImageWork Work, byte[] Source)> pictures, Stream output, IThumbnailer thumbnailer)
    {
        await foreach (var (work, source) in pictures.ReadAllAsync())
        {
            var (answer, thumbnails) = Do(work, source, thumbnailer);
            await ChildProtocol.WriteAsync(output, answer, ChildJson.Default.ChildAnswer, CancellationToken.None);
            foreach (var thumbnail in thumbnails)
            {
                await ChildProtocol.WriteAsync(output, thumbnail.Bytes, CancellationToken.None);
            }
        }
    }

    private static (ChildAnswer Answer, IReadOnlyList<Thumbnail> Thumbnails) Do(ImageWork work, byte[] source, IThumbnailer thumbnailer)
    {
        try
        {
            var done = work.Do(thumbnailer, source, CancellationToken.None);
            var made = done.Thumbnails.Select(thumbnail => new ChildThumbnail(thumbnail.Format, thumbnail.Width, thumbnail.Height));

            return (new ChildAnswer(done.Size, [.. made]), done.Thumbnails);
        }
        catch (RefusedException refusal)
        {
            return (new ChildAnswer(null, [], new ChildRefusal(refusal.Code, refusal.Message)), []);
        }
        catch (OutOfMemoryException)
        {
            return (new ChildAnswer(null, [], new ChildRefusal(ErrorCode.TooLarge, "The image takes more memory to decode than is allowed.")), []);
        }
        catch (Exception fault)
        {
            return (new ChildAnswer(null, [], Fault: fault.ToString()), []);
        }
    }

    /// <summary>Where the kernel must end a process because memory is short, it should be this one and not the parent.</summary>
    private static void OfferToKernel()
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                File.WriteAllText("/proc/self/oom_score_adj", "1000");
            }
            catch (Exception forbidden) when (forbidden is IOException or UnauthorizedAccessException)
            {
                // Then it decides as it would have.
            }
        }
    }
}
