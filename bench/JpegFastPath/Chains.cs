using System.Diagnostics;
using ImageResize.Core.Imaging.Jpeg;
using NetVips;

namespace ImageResize.Bench;

/// <summary>
/// A scan decoded by two chains at once beside the loop that does it by one, to which a restart interval longer than the picture sends
/// the same file. For each file the least of some times by turns; its tables are made anew each time, for the file before had others.
/// </summary>
internal static class Chains
{
    private const int Times = 7;
    private const int Pictures = 24;

    public static void Measure(string folder)
    {
        var photos = Cpu.ReadPhotos(folder, most: 500);
        var some = photos.Where((_, index) => index % Math.Max(1, photos.Length / Pictures) == 0).Take(Pictures).ToArray();
        Report("as they are", photos);
        Report("optimised", Save(some, 1_920, optimise: true));
        Report("quality 100", Save(some, 1_920, quality: 100));
        Report("quality 30", Save(some, 1_920, quality: 30));
        foreach (var width in (int[])[240, 320, 480, 640, 1_024])
        {
            Report($"{width} wide", Save(some, width));
            Report($"{width} wide, optimised", Save(some, width, optimise: true));
        }

        Report("one colour, never in step", [OneColour(1_085)]);
        Report("one colour, in step", [OneColour(1_080)]);
        Report("lines, never in step", [Lines()]);
    }

    private static byte[][] Save(byte[][] photos, int width, int quality = 85, bool optimise = false) =>
        [.. photos.Select(photo =>
        {
            using var small = Image.ThumbnailBuffer(photo, width);
            return small.JpegsaveBuffer(q: quality, optimizeCoding: optimise, subsampleMode: Enums.ForeignSubsample.On, keep: Enums.ForeignKeep.None);
        })];

    /// <summary>Every MCU has the same few bits: who begins at a wrong one of them goes on wrongly for ever.</summary>
    private static byte[] OneColour(int height)
    {
        using var black = Image.Black(1_920, height, bands: 3);
        using var picture = (black + 90).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        return picture.JpegsaveBuffer(q: 80, keep: Enums.ForeignKeep.None);
    }

    /// <summary>Full of codes, but each block like the one before it.</summary>
    private static byte[] Lines()
    {
        using var position = Image.Xyz(1_920, 1_085);
        using var wave = (position[0] * (Math.PI / 4)).Sin() * (position[1] * (Math.PI / 4)).Sin() * 100;
        using var picture = (wave + 128).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Bw).Colourspace(Enums.Interpretation.Srgb);
        return picture.JpegsaveBuffer(q: 95, keep: Enums.ForeignKeep.None);
    }

    private static void Report(string name, byte[][] files)
    {
        var two = new double[files.Length];
        var one = new double[files.Length];
        Array.Fill(two, double.MaxValue);
        Array.Fill(one, double.MaxValue);
        var (twoDecoder, oneDecoder) = (new JpegDecoder(), new JpegDecoder());
        var withInterval = files.Select(AddInterval).ToArray();
        for (var time = 0; time < Times; time++)
        {
            for (var index = 0; index < files.Length; index++)
            {
                two[index] = Math.Min(two[index], Time(twoDecoder, files[index]));
                one[index] = Math.Min(one[index], Time(oneDecoder, withInterval[index]));
            }
        }

        var ratios = two.Zip(one, (mine, old) => mine / old).ToList();
        Console.WriteLine(
            $"{name}: {files.Length} of {files.Average(file => file.Length) / 1_024:F0} KB: two {two.Average():F3} ms, one {one.Average():F3} ms, " +
            $"ratio {two.Sum() / one.Sum():F2} (of a file {ratios.Min():F2} to {ratios.Max():F2}), slower by a tenth {ratios.Count(ratio => ratio > 1.1)}");
    }

    private static double Time(JpegDecoder decoder, byte[] file)
    {
        var started = Stopwatch.GetTimestamp();
        if (decoder.TryReadHeader(file))
        {
            decoder.TryDecode(file, [1, 1, 1], CancellationToken.None);
            decoder.Release();
        }

        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static byte[] AddInterval(byte[] file)
    {
        var scan = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        return [.. file[..scan], 0xFF, 0xDD, 0, 4, 0xFF, 0xFF, .. file[scan..]];
    }
}
