using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.FastPath;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using NetVips;

namespace ImageResize.Bench;

/// <summary>Makes thumbnails from the bytes of files, with the fast path and with libvips by turns.</summary>
internal static class Speed
{
    private const int Rounds = 13;
    private const int WarmUp = 4;
    private const int Repeats = 3;

    public static void Measure(string folder, int[] boxes)
    {
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        byte[][] files = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        foreach (var box in boxes)
        {
            Measure(files, box);
        }
    }

    private static void Measure(byte[][] files, int box)
    {
        var thumbnails = new FastThumbnails(new ImagingOptions().GetLimits(), new ImagingOptions().GetQualitySettings());
        ThumbnailSpec[] specs = [new(box, box) { Format = ImageFormat.Jpeg, Quality = 80 }];
        var (ours, theirs, notOurs) = (new List<double>(), new List<double>(), 0);
        for (var round = 0; round < Rounds; round++)
        {
            notOurs = 0;
            ours.Add(Cpu.Of(() => Repeat(
                files, file => notOurs += thumbnails.TryMake(file, specs, CancellationToken.None) is null ? 1 : 0)));
            theirs.Add(Cpu.Of(() => Repeat(files, file => MakeWithLibvips(file, box))));
        }

        var ratios = ours.Zip(theirs, (mine, libvips) => mine / libvips).Skip(WarmUp);
        var images = files.Length * Repeats;
        Console.WriteLine(
            $"{files.Length} of {files.Average(file => file.Length) / 1_024:F0} KB to {box}: " +
            $"ours {ours.Skip(WarmUp).Median() / images:F2} ms, libvips {theirs.Skip(WarmUp).Median() / images:F2} ms, " +
            $"median ratio {ratios.Median():F2}, not ours {notOurs}");
    }

    private static void Repeat(byte[][] files, Action<byte[]> make)
    {
        for (var time = 0; time < Repeats; time++)
        {
            Array.ForEach(files, make);
        }
    }

    private static void MakeWithLibvips(byte[] file, int box)
    {
        using var thumbnail = Image.ThumbnailBuffer(file, box, height: box, size: Enums.Size.Down);
        using var opaque = thumbnail.HasAlpha() ? thumbnail.Flatten(background: [255]) : thumbnail.Copy();
        opaque.JpegsaveBuffer(q: 80, keep: Enums.ForeignKeep.None);
    }
}
