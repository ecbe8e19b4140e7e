#:project ../ImageResize.Core/ImageResize.Core.csproj

// What child processes and their sandbox cost: CPU and time of one HD image to 300 pixels, and images per second of a mixed folder, in the
// program, in child processes without a sandbox, and in the sandbox. The three take turns, so that load of the machine hits all.
//
//   dotnet run -c Release bench/sandbox.cs [ROUNDS]        the default is 15

using System.Diagnostics;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Isolation;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Imaging.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NetVips;

const int ImagesAtOnce = 6;
if (args is [DecodeChild.Argument, ..])
{
    return DecodeChild.Run(args, limits => new Thumbnailer(Options.Create(limits)));
}

var rounds = args.Length > 0 ? int.Parse(args[0]) : 15;
var rigs = Enum.GetValues<DecoderIsolation>().Reverse().Select(Rig.Of).ToList();
var work = new ImageWork(Measure: false, [new ThumbnailSpec(300, 300)]);
Console.WriteLine($"One of 1920 x 1080 to 300, the median of {rounds} rounds of {ImagesAtOnce}: ms of CPU, ms");
foreach (var (name, bytes) in Images(1920, 1080))
{
    var figures = await CompareAsync(rig => rig.RunAsync([.. Enumerable.Repeat(bytes, ImagesAtOnce)], work, parallel: 1), ImagesAtOnce);
    Print($"{name} ({bytes.Length / 1e3:F0} kB)", figures);
}

var folder = Images(1920, 1080).Concat(Images(640, 480)).Concat(Images(640, 480)).Select(image => image.Bytes).ToList();
Print($"mixed, {folder.Count} images", await CompareAsync(rig => rig.RunAsync(folder, work, Environment.ProcessorCount), folder.Count));
foreach (var rig in rigs)
{
    Console.WriteLine($"{rig.Posture}: {rig.ChildMemory() / 1e6:F0} MB in child processes");
}

rigs.ForEach(rig => rig.Dispose());
return 0;

async Task<List<(double Cpu, double Time)>> CompareAsync(Func<Rig, Task> run, int images)
{
    var all = rigs.Select(_ => new List<(double Cpu, double Time)>()).ToList();
    for (var round = -2; round < rounds; round++)
    {
        foreach (var (rig, figures) in rigs.Zip(all))
        {
            var (cpu, start) = (Rig.Cpu(), Stopwatch.GetTimestamp());
            await run(rig);
            var time = Stopwatch.GetElapsedTime(start);
            if (round >= 0)
            {
                figures.Add(((Rig.Cpu() - cpu).TotalMilliseconds / images, time.TotalMilliseconds / images));
            }
        }
    }

    return [.. all.Select(figures => (Median(figures.Select(one => one.Cpu)), Median(figures.Select(one => one.Time))))];
}

void Print(string name, List<(double Cpu, double Time)> figures) => Console.WriteLine($"{name,-24}" + string.Concat(rigs.Zip(
    figures, (rig, one) => $" | {rig.Posture} {one.Cpu,6:F2} {one.Time,6:F2}  {one.Cpu / figures[0].Cpu - 1,6:+0.0%;-0.0%}")));

static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

// One byte more, because the program reads sources into larger buffers.
static IEnumerable<(string Name, byte[] Bytes)> Images(int width, int height) =>
    Make(width, height).Select(image => (image.Name, (byte[])[.. image.Bytes, 0]));

static IEnumerable<(string Name, byte[] Bytes)> Make(int width, int height)
{
    using var noise = Image.Gaussnoise(width, height, sigma: 6, mean: 128, seed: 3);
    using var place = Image.Xyz(width, height);
    using var lazy = (noise + (place[0] * 100.0 / width)).Bandjoin(noise + (place[1] * 100.0 / height), noise)
        .Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
    using var noisy = lazy.CopyMemory();
    using var soft = noisy.Gaussblur(3);
    foreach (var (kind, image) in new[] { ("noisy", noisy), ("soft", soft) })
    {
        yield return ($"png {kind}", image.PngsaveBuffer());
        yield return ($"webp {kind}", image.WebpsaveBuffer(effort: 2));
        yield return ($"jpeg {kind}", image.JpegsaveBuffer());
    }

    yield return ("jpeg progressive q95", noisy.JpegsaveBuffer(interlace: true, q: 95));
    yield return ("gif", soft.GifsaveBuffer(effort: 1));
    yield return ("tiff", soft.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Lzw));
    yield return ("avif", soft.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1, effort: 0));
}

/// <summary>Makes thumbnails as the program does with one setting.</summary>
internal sealed class Rig : IDisposable
{
    private readonly IsolatedThumbnailer _isolated;
    private readonly GuardedThumbnailer _guarded;
    private readonly List<int> _children = [];

    private Rig(IOptions<ImagingOptions> options)
    {
        _isolated = new IsolatedThumbnailer(
            new ChildCommand(Environment.ProcessPath!, [DecodeChild.Argument]), options, NullLogger<IsolatedThumbnailer>.Instance);
        var watchdog = new Watchdog(options, TimeProvider.System, () => { }, () => Environment.CpuUsage.TotalTime);
        _guarded = new GuardedThumbnailer(new Thumbnailer(options), _isolated, new ImageScheduler(), watchdog, options);
    }

    public DecoderIsolation Posture => _isolated.Posture;

    public static Rig Of(DecoderIsolation isolation) =>
        new(Options.Create(new ImagingOptions { Isolation = isolation, DeadlineSeconds = 240 }));

    /// <summary>Of this process and its child processes, whose times the kernel rounds to 10 ms, unlike their threads'.</summary>
    public static TimeSpan Cpu() => Environment.CpuUsage.TotalTime + Children()
        .SelectMany(child => Directory.GetDirectories($"/proc/{child.Id}/task"))
        .Aggregate(TimeSpan.Zero, (sum, thread) => sum + TimeSpan.FromMicroseconds(
            double.Parse(File.ReadAllText(thread + "/schedstat").Split(' ')[0]) / 1000));

    public long ChildMemory() => Children().Where(child => _children.Contains(child.Id)).Sum(child => child.PrivateMemorySize64);

    public async Task RunAsync(IReadOnlyList<byte[]> images, ImageWork work, int parallel)
    {
        var before = Children().Select(child => child.Id).ToHashSet();
        await Parallel.ForEachAsync(images, new ParallelOptions { MaxDegreeOfParallelism = parallel }, async (image, token) =>
        {
            var source = image.AsMemory(0, image.Length - 1);
            await _guarded.MakeAsync(source, work, _guarded.TakePriority(isUrgent: false), isSuspect: false, token);
        });
        _children.AddRange(Children().Select(child => child.Id).Where(id => !before.Contains(id)));
    }

    public void Dispose() => _isolated.Dispose();

    private static IEnumerable<Process> Children() => Process.GetProcessesByName(Process.GetCurrentProcess().ProcessName)
        .Where(process => process.Id != Environment.ProcessId);
}
