#:project ../ImageResize.Core/ImageResize.Core.csproj

// Processor time per megapixel, per format: of decoding to a small thumbnail, and of writing a thumbnail as large as its source, for pixels
// that are easy to compress (a gradient) and for noise.
//
//   dotnet run -c Release bench/costs.cs [MEGAPIXELS]        the default is 4

using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using Microsoft.Extensions.Options;
using NetVips;

const int Rounds = 3;
var side = (int)Math.Sqrt(1e6 * (args.Length > 0 ? double.Parse(args[0]) : 4));
var megapixels = side * (double)side / 1e6;
var thumbnailer = new Thumbnailer(Options.Create(new ImagingOptions { MaxMegapixels = 200, DeadlineSeconds = 240 }));
using var gradient = Image.Xyz(side, side).Linear([255.0 / side], [0]).Bandjoin(128).Cast(Enums.BandFormat.Uchar)
    .Copy(interpretation: Enums.Interpretation.Srgb);
using var noise = Image.Gaussnoise(side, side, mean: 128, sigma: 60)
    .Bandjoin(Image.Gaussnoise(side, side, mean: 128, sigma: 60), Image.Gaussnoise(side, side, mean: 128, sigma: 60))
    .Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);

Console.WriteLine($"{side} x {side}: processor seconds per megapixel");
foreach (var (name, image) in new[] { ("gradient", gradient), ("noise", noise) })
{
    var png = image.PngsaveBuffer(compression: 1);
    foreach (var format in Enum.GetValues<ImageFormat>())
    {
        ReadOnlyMemory<byte> source = format switch
        {
            ImageFormat.Tiff => image.TiffsaveBuffer(),
            ImageFormat.Gif => image.GifsaveBuffer(effort: 1),
            ImageFormat.Png => png,
            _ => thumbnailer.Make(png, [new ThumbnailSpec(side, side) { Format = format }], default)[0].Bytes,
        };
        var decoded = Measure(source, new ThumbnailSpec(8, 8) { Format = ImageFormat.Png });
        var written = Measure(source, new ThumbnailSpec(side, side) { Format = format })
            - Measure(source, new ThumbnailSpec(8, 8) { Format = format });
        Console.WriteLine($"{name,-10}{format,-6} decode {decoded / megapixels:F4}  write {written / megapixels:F4}");
    }
}

double Measure(ReadOnlyMemory<byte> source, ThumbnailSpec spec)
{
    var least = double.MaxValue;
    for (var i = 0; i < Rounds; i++)
    {
        var before = Environment.CpuUsage.TotalTime;
        thumbnailer.Make(source, [spec], default);
        least = Math.Min(least, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
    }

    return least;
}
