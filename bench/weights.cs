#:project ../ImageResize.Core/ImageResize.Core.csproj

// Memory used by decoding, per format: the peak memory of a process that makes one thumbnail, less that of one that makes it of a tiny
// image. The memory for two AVIF images at once, with and without a memory limit. And the CPU per image in this process and in a child.
//
//   dotnet run -c Release bench/weights.cs [MEGAPIXELS]        the default is 25

using System.Diagnostics;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Isolation;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Imaging.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NetVips;

const int Rounds = 40;
const int WarmUp = 40;
var options = Options.Create(new ImagingOptions { MaxMegapixels = 200, DeadlineSeconds = 240 });
if (args is [DecodeChild.Argument, ..])
{
    return DecodeChild.Run(args, limits => new Thumbnailer(Options.Create(limits)));
}

if (args is ["make", var picture, var count])
{
    // As in the program, with its scheduler.
    using var guardChildren = OpenIsolated();
    using var watchdog = new Watchdog(options, TimeProvider.System, () => { }, () => Environment.CpuUsage.TotalTime);
    var guarded = new GuardedThumbnailer(new Thumbnailer(options), guardChildren, new ImageScheduler(), watchdog, options);
    var bytes = File.ReadAllBytes(picture);
    var work = new ImageWork(Measure: false, [new ThumbnailSpec(300, 300) { Format = ImageFormat.WebP }]);
    await Task.WhenAll(Enumerable.Range(0, int.Parse(count))
        .Select(_ => guarded.MakeAsync(bytes, work, guarded.TakePriority(isUrgent: false), isSuspect: false, default)));
    Console.WriteLine(File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]);
    return 0;
}

var side = (int)Math.Sqrt(1e6 * (args.Length > 0 ? int.Parse(args[0]) : 25));
var folder = Directory.CreateTempSubdirectory("weights");
try
{
    Console.WriteLine($"{side} x {side}: MB, bytes per pixel");
    var tiny = Pictures(32, 32).ToDictionary(one => one.Name, one => HighestMemory(one.Bytes));
    foreach (var (name, bytes) in Pictures(side, side))
    {
        var memory = HighestMemory(bytes) - tiny[name];
        Console.WriteLine(
            $"{name,-22} {memory / 1e6,6:F0} {(memory - bytes.Length) / side / (double)side,6:F1}  ({bytes.Length / 1e6:F1} MB)");
    }

    var avif = Pictures(side, side).First(one => one.Name == "avif").Bytes;
    Console.WriteLine(
        $"two AVIFs at once: {HighestMemory(avif, count: 2) / 1e6:F0} MB; " +
        $"with a limit of 768 MB: {HighestMemory(avif, count: 2, limit: 768 << 20) / 1e6:F0} MB");

    await PrintChildCostAsync();
}
finally
{
    folder.Delete(recursive: true);
}

return 0;

async Task PrintChildCostAsync()
{
    using var isolated = OpenIsolated();
    foreach (var (width, height) in ((int, int)[])[(400, 300), (1920, 1080)])
    {
        Console.WriteLine($"{width} x {height}: ms of CPU here, in a child");
        foreach (var (name, bytes) in Pictures(width, height))
        {
            var (here, apart) = await CompareAsync(isolated, bytes);
            Console.WriteLine($"{name,-22} {here,6:F2} {apart,6:F2}  {apart / here:F2} times ({bytes.Length / 1e3:F0} kB)");
        }
    }
}

IsolatedThumbnailer OpenIsolated() =>
    new(new ChildCommand(Environment.ProcessPath!, [DecodeChild.Argument]), options, NullLogger<IsolatedThumbnailer>.Instance);

long HighestMemory(byte[] bytes, int count = 1, long limit = 0)
{
    var file = Path.Combine(folder.FullName, "picture");
    File.WriteAllBytes(file, bytes);
    var start = new ProcessStartInfo(Environment.ProcessPath!, ["make", file, $"{count}"]) { RedirectStandardOutput = true };
    start.Environment["MALLOC_ARENA_MAX"] = "2";
    if (limit > 0)
    {
        start.Environment["DOTNET_GCHeapHardLimit"] = $"{limit:x}";
    }

    using var maker = Process.Start(start)!;
    return 1024 * long.Parse(maker.StandardOutput.ReadToEnd());
}

async Task<(double Here, double Apart)> CompareAsync(IsolatedThumbnailer isolated, byte[] bytes)
{
    var thumbnailer = new Thumbnailer(options);
    var work = new ImageWork(Measure: false, [new ThumbnailSpec(100, 100) { Format = ImageFormat.WebP }]);
    var here = await CpuAsync(() => Task.FromResult(thumbnailer.Make(bytes, work.Specs, default)));
    var apart = await CpuAsync(() => Task.FromResult(isolated.Make(bytes, work, attempts: 1, default)));

    return (here, apart);
}

// Milliseconds of CPU per round, of this process and its children.
async Task<double> CpuAsync(Func<Task> make)
{
    for (var i = 0; i < WarmUp; i++)
    {
        await make();
    }

    var before = -OfChildren() - Environment.CpuUsage.TotalTime;
    for (var i = 0; i < Rounds; i++)
    {
        await make();
    }

    return (Environment.CpuUsage.TotalTime + before + OfChildren()).TotalMilliseconds / Rounds;
}

TimeSpan OfChildren() => Process.GetProcessesByName(Process.GetCurrentProcess().ProcessName)
    .Where(process => process.Id != Environment.ProcessId).Aggregate(TimeSpan.Zero, (sum, process) => sum + process.TotalProcessorTime);

static IEnumerable<(string Name, byte[] Bytes)> Pictures(int width, int height)
{
    using var noise = Image.Gaussnoise(width, height, sigma: 6, mean: 128, seed: 3);
    using var place = Image.Xyz(width, height);
    using var lazy = (noise + (place[0] * 100.0 / width)).Bandjoin(noise + (place[1] * 100.0 / height), noise)
        .Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
    using var rgb = lazy.CopyMemory();
    using var rgba = rgb.Bandjoin(200);
    using var deep = (rgb.Cast(Enums.BandFormat.Ushort) * 257)
        .Cast(Enums.BandFormat.Ushort).Copy(interpretation: Enums.Interpretation.Rgb16);
    yield return ("jpeg", rgb.JpegsaveBuffer());
    yield return ("jpeg progressive", rgb.JpegsaveBuffer(interlace: true));
    yield return ("jpeg progressive 444", rgb.JpegsaveBuffer(interlace: true, q: 95, subsampleMode: Enums.ForeignSubsample.Off));
    yield return ("png", rgb.PngsaveBuffer(compression: 1));
    yield return ("png interlaced", rgb.PngsaveBuffer(compression: 1, interlace: true));
    yield return ("png 16 bits", deep.PngsaveBuffer(compression: 1, interlace: true));
    yield return ("gif", rgb.GifsaveBuffer(effort: 1));
    yield return ("webp", rgb.WebpsaveBuffer(effort: 0));
    yield return ("webp lossless", rgba.WebpsaveBuffer(lossless: true, effort: 0));
    yield return ("webp alpha", rgba.WebpsaveBuffer(effort: 0));
    yield return ("tiff strips", rgb.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Lzw));
    yield return ("tiff one strip", rgb.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Lzw, tileHeight: height));
    yield return ("tiff tiles", rgb.TiffsaveBuffer(tile: true, compression: Enums.ForeignTiffCompression.Deflate));
    yield return ("tiff jpeg", rgb.TiffsaveBuffer(tile: true, compression: Enums.ForeignTiffCompression.Jpeg));
    yield return ("tiff 16 bits", deep.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.None));
    yield return ("avif", rgb.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1, effort: 0));
    yield return ("avif alpha", rgba.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1, effort: 0));
    yield return ("avif 444", rgb.HeifsaveBuffer(
        compression: Enums.ForeignHeifCompression.Av1, effort: 0, subsampleMode: Enums.ForeignSubsample.Off));
    yield return ("avif 12 bits", deep.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1, effort: 0, bitdepth: 12));
    yield return ("avif 12 bits 444", deep.HeifsaveBuffer(
        compression: Enums.ForeignHeifCompression.Av1, effort: 0, bitdepth: 12, subsampleMode: Enums.ForeignSubsample.Off));
    var largest = new ThumbnailSpec(Math.Min(width, 4000), Math.Min(height, 4000));
    var others = new Thumbnailer(Options.Create(new ImagingOptions { MaxMegapixels = 200 }));
    foreach (var format in (ImageFormat[])[ImageFormat.Bmp, ImageFormat.Tga, ImageFormat.Pnm])
    {
        var made = others.Make(rgb.PngsaveBuffer(compression: 1), [largest with { Format = format }], default)[0];
        yield return ($"{format}".ToLowerInvariant(), made.Bytes.ToArray());
    }
}
