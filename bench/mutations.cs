#:project ../ImageResize.Core/ImageResize.Core.csproj

// Measures and resizes mutations of valid images of all formats in child processes. Each mutation has a number that reproduces it. Prints
// the numbers of those that crash a child process, keep it busy for 20 seconds, or give a wrong result.
//
//   dotnet run bench/mutations.cs [FIRST] [COUNT]        the defaults are 1 and 10000

using System.Diagnostics;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using Microsoft.Extensions.Options;
using NetVips;

const int AtOnce = 500;
var hangs = TimeSpan.FromSeconds(20);

if (args is ["child", var from, var number])
{
    return RunChild(int.Parse(from), int.Parse(number));
}

var first = args.Length > 0 ? int.Parse(args[0]) : 1;
var end = first + (args.Length > 1 ? int.Parse(args[1]) : 10_000);
var found = new Dictionary<string, int>();
var bad = 0;
for (var next = first; next < end;)
{
    next = await RunAsync(next, Math.Min(AtOnce, end - next));
}

var counts = found.OrderBy(kind => kind.Key).Select(kind => $"{kind.Value} {kind.Key}");
Console.WriteLine($"{end - first} mutations from {first} on: {string.Join(", ", counts)}");
return bad == 0 ? 0 : 1;

async Task<int> RunAsync(int next, int count)
{
    using var child =
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["child", $"{next}", $"{count}"]) { RedirectStandardOutput = true })!;
    var last = next;
    try
    {
        while (await child.StandardOutput.ReadLineAsync().WaitAsync(hangs) is { } line)
        {
            var words = line.Split(' ', 3);
            last = int.Parse(words[0]);
            if (words[1] != "starts")
            {
                Count(words[1], line);
            }
        }

        await child.WaitForExitAsync();
        if (child.ExitCode == 0)
        {
            return next + count;
        }

        Count("DEATH", $"{last} DEATH exit code {child.ExitCode}");
    }
    catch (TimeoutException)
    {
        child.Kill();
        Count("HANG", $"{last} HANG");
    }

    return last + 1;
}

void Count(string kind, string line)
{
    found[kind] = found.GetValueOrDefault(kind) + 1;
    if (kind is not ("made" or "refused"))
    {
        bad++;
        Console.WriteLine(line);
    }
}

static int RunChild(int first, int count)
{
    var thumbnailer = new Thumbnailer(Options.Create(new ImagingOptions()));
    var pictures = Pictures();
    var wholes = pictures.Select(picture => Pixels(thumbnailer.Make(picture, [new ThumbnailSpec(100, 100)], default)[0])).ToList();
    for (var seed = first; seed < first + count; seed++)
    {
        Console.WriteLine($"{seed} starts");
        var random = new Random(seed);
        var which = random.Next(pictures.Count);
        var (mutated, isLoss) = Mutate(pictures[which], random);
        Console.WriteLine($"{seed} {Judge(thumbnailer, mutated, isLoss ? wholes[which] : null)}");
    }

    return 0;
}

// An image that can't be measured must not become a thumbnail. A thumbnail must match the measured size and be readable. If bytes are
// missing, it must also look like that of the complete image. A changed bit may change pixels, because most formats have no checksum.
static string Judge(Thumbnailer thumbnailer, byte[] picture, byte[]? whole)
{
    try
    {
        var clock = Stopwatch.StartNew();
        var (size, refused) = Measure(thumbnailer, picture);
        var thumbnail = thumbnailer.Make(picture, [new ThumbnailSpec(100, 100)], default)[0];
        if (refused)
        {
            return "UNMEASURED and made";
        }

        var (width, height) = size.Orientation >= 5 ? (size.Height, size.Width) : (size.Width, size.Height);
        var shrink = Math.Min(1, 100.0 / Math.Max(width, height));
        if (Math.Abs((width * shrink) - thumbnail.Width) > 1.01 || Math.Abs((height * shrink) - thumbnail.Height) > 1.01)
        {
            return $"SIZE measured {width} x {height}, made {thumbnail.Width} x {thumbnail.Height}";
        }

        var pixels = Pixels(thumbnail);
        if (whole is not null && (pixels.Length != whole.Length || Difference(pixels, whole) > 6))
        {
            return $"GREY {thumbnail.Format}";
        }

        return clock.Elapsed.TotalSeconds > 10 ? $"SLOW {clock.Elapsed.TotalSeconds:F0} s" : "made";
    }
    catch (RefusedException)
    {
        return "refused";
    }
    catch (Exception fault)
    {
        return $"FAULT {fault.GetType().Name} {fault.Message.ReplaceLineEndings(" ")}";
    }
}

static (ImageSize Size, bool IsRefused) Measure(Thumbnailer thumbnailer, byte[] picture)
{
    try
    {
        return (thumbnailer.Measure(new MemoryStream(picture)), false);
    }
    catch (RefusedException)
    {
        return (new ImageSize(0, 0, 1, ImageFormat.Jpeg), true);
    }
}

static byte[] Pixels(Thumbnail thumbnail)
{
    if (thumbnail.Format is ImageFormat.Bmp or ImageFormat.Tga or ImageFormat.Pnm)
    {
        return thumbnail.Bytes.ToArray();
    }

    using var image = Image.NewFromBuffer(thumbnail.Bytes.ToArray(), failOn: Enums.FailOn.Error);
    using var flat = image.HasAlpha() ? image.Flatten() : image.Copy();
    return flat.WriteToMemory<byte>();
}

static double Difference(byte[] one, byte[] other) => one.Zip(other, (a, b) => (double)Math.Abs(a - b)).Average();

static (byte[] Bytes, bool IsLoss) Mutate(byte[] picture, Random random)
{
    var bytes = picture.ToArray();
    var at = random.Next(bytes.Length);
    switch (random.Next(6))
    {
        case 0:
            return (bytes[..at], true);
        case 1:
            bytes.AsSpan(at, Math.Min(random.Next(1, 400), bytes.Length - at)).Clear();
            return (bytes, false);
        case 2:
            return ([.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 64))..]], false);
        case 3:
            return ([.. bytes[..at], (byte)random.Next(256), .. bytes[at..]], false);
        default:
            for (var flips = random.Next(1, 9); flips > 0; flips--)
            {
                // Half of them in the header.
                var place = random.Next(random.Next(2) == 0 ? Math.Min(200, bytes.Length) : bytes.Length);
                bytes[place] ^= (byte)(1 << random.Next(8));
            }

            return (bytes, false);
    }
}

static List<byte[]> Pictures()
{
    List<byte[]> pictures = [];
    foreach (var (width, height) in ((int, int)[])[(203, 137), (1_300, 900)])
    {
        using var noise = Image.Gaussnoise(width, height, sigma: 12, mean: 128, seed: 3);
        using var place = Image.Xyz(width, height);
        using var colours = (noise + (place[0] * 100.0 / width)).Bandjoin(noise + (place[1] * 100.0 / height), noise);
        using var rgb = colours.Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        using var rgba = rgb.Bandjoin(200);
        pictures.AddRange(
        [
            rgb.JpegsaveBuffer(), rgb.JpegsaveBuffer(interlace: true), rgb.JpegsaveBuffer(restartInterval: 4), rgb[0].JpegsaveBuffer(),
            rgb.JpegsaveBuffer(q: 95, subsampleMode: Enums.ForeignSubsample.Off),
            rgb.PngsaveBuffer(), rgba.PngsaveBuffer(interlace: true), rgb.PngsaveBuffer(palette: true, bitdepth: 4),
            rgb.GifsaveBuffer(effort: 1), rgb.WebpsaveBuffer(effort: 0), rgb.WebpsaveBuffer(
                lossless: true, effort: 0), rgba.WebpsaveBuffer(effort: 0),
            rgb.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Lzw), rgb.TiffsaveBuffer(
                compression: Enums.ForeignTiffCompression.Jpeg),
            rgb.TiffsaveBuffer(tile: true, compression: Enums.ForeignTiffCompression.Deflate), rgb.TiffsaveBuffer(
                tile: true, bigtiff: true), rgb.TiffsaveBuffer(),
        ]);
        if (width < 1_000)
        {
            using var two = rgb.Join(rgb, Enums.Direction.Vertical);
            using var moving = two.Mutate(copy => copy.Set(GValue.GIntType, "page-height", height));
            pictures.AddRange(
            [
                moving.GifsaveBuffer(effort: 1), moving.WebpsaveBuffer(effort: 0),
                rgb.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1, effort: 0), rgba.HeifsaveBuffer(
                    compression: Enums.ForeignHeifCompression.Av1, effort: 0),
                Convert(rgb, ImageFormat.Bmp), Convert(rgba, ImageFormat.Bmp),
                Convert(rgb, ImageFormat.Tga), Convert(rgba, ImageFormat.Tga), Convert(rgb, ImageFormat.Pnm),
            ]);
        }
    }

    return pictures;
}

// For formats that libvips can't write.
static byte[] Convert(Image image, ImageFormat format) => new Thumbnailer(Options.Create(new ImagingOptions()))
    .Make(image.PngsaveBuffer(), [new ThumbnailSpec(image.Width, image.Height) { Format = format }], default)[0].Bytes.ToArray();
