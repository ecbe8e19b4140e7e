using System.Diagnostics;
using ImageResize.Core.Imaging.Jpeg;
using ImageResize.Tests.Imaging.Jpeg;
using NetVips;

namespace ImageResize.Bench;

/// <summary>
/// Compares decoding a scan with two interleaved cursors and with one, which a restart interval longer than the image selects for the same
/// file. For each file the least of several alternating times. Tables are made anew each time, because the file before had others.
/// </summary>
internal static class Cursors
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

        Report("one color", [SynchronizationJpegs.OneColour(1_920, 1_080)]);
        Report("all blocks alike", [Lines()]);
        Report("every guess is wrong", [SynchronizationJpegs.NeverRight()]);
    }

    private static byte[][] Save(byte[][] photos, int width, int quality = 85, bool optimise = false) =>
        [.. photos.Select(photo =>
        {
            using var small = Image.ThumbnailBuffer(photo, width);
            return small.JpegsaveBuffer(
                q: quality, optimizeCoding: optimise, subsampleMode: Enums.ForeignSubsample.On, keep: Enums.ForeignKeep.None);
        })];

    private static byte[] Lines()
    {
        using var position = Image.Xyz(1_920, 1_080);
        using var wave = (position[0] * (Math.PI / 4)).Sin() * (position[1] * (Math.PI / 4)).Sin() * 100;
        using var picture = (wave + 128).Cast(Enums.BandFormat.Uchar)
            .Copy(interpretation: Enums.Interpretation.Bw).Colourspace(Enums.Interpretation.Srgb);
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
            Keep(two, files, twoDecoder);
            Keep(one, withInterval, oneDecoder);
        }

        var ratios = two.Zip(one, (mine, old) => mine / old).ToList();
        Console.WriteLine(
            $"{name}: {files.Length} of {files.Average(file => file.Length) / 1_024:F0} KB: " +
            $"two {two.Average():F3} ms, one {one.Average():F3} ms, " +
            $"ratio {two.Sum() / one.Sum():F2} (of a file {ratios.Min():F2} to {ratios.Max():F2}), " +
            $"slower by a tenth {ratios.Count(ratio => ratio > 1.1)}");
    }

    /// <summary>One file after the other: the processor would predict the branches of a file that it has just decoded.</summary>
    private static void Keep(double[] least, byte[][] files, JpegDecoder decoder)
    {
        for (var index = 0; index < files.Length; index++)
        {
            least[index] = Math.Min(least[index], Time(decoder, files[index]));
        }
    }

    private static double Time(JpegDecoder decoder, byte[] file)
    {
        var started = Stopwatch.GetTimestamp();
        if (!decoder.TryReadHeader(file) || !decoder.TryDecode(file, [1, 1, 1], CancellationToken.None))
        {
            throw new InvalidOperationException("The fast path does not support the file.");
        }

        decoder.Release();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static byte[] AddInterval(byte[] file)
    {
        var scan = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        return [.. file[..scan], 0xFF, 0xDD, 0, 4, 0xFF, 0xFF, .. file[scan..]];
    }
}
