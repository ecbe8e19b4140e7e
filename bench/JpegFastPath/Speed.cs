using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Jpeg;
using NetVips;

namespace ImageResize.Bench;

/// <summary>From a file's bytes to a thumbnail's, ours and libvips' in turn.</summary>
internal static class Speed
{
    private const int Rounds = 11;
    private const int WarmUp = 3;

    public static void Measure(string folder, int box)
    {
        var photos = Cpu.ReadPhotos(folder);
        var encoder = new JpegEncoder();
        var (ours, theirs, notOurs) = (new List<double>(), new List<double>(), 0);

        for (var round = 0; round < Rounds; round++)
        {
            notOurs = 0;
            ours.Add(Cpu.Of(() => notOurs = photos.Count(photo => !TryMake(photo, box, encoder))));
            theirs.Add(Cpu.Of(() => Array.ForEach(photos, photo => MakeWithLibvips(photo, box))));
        }

        var (mine, libvips) = (ours.Skip(WarmUp).Median() / photos.Length, theirs.Skip(WarmUp).Median() / photos.Length);
        Console.WriteLine(
            $"{photos.Length} photos of {photos.Average(photo => photo.Length) / 1_024:F0} KB to {box}: " +
            $"ours {mine:F2} ms, libvips {libvips:F2} ms, ratio {libvips / mine:F2}, not ours {notOurs}");
    }

    private static bool TryMake(byte[] photo, int box, JpegEncoder encoder)
    {
        if (!JpegFastPath.TryMake(photo, box, box, Fit.Inside, long.MaxValue, CancellationToken.None, out var planes))
        {
            return false;
        }

        encoder.Encode(planes, quality: 80);
        return true;
    }

    private static void MakeWithLibvips(byte[] photo, int box)
    {
        using var thumbnail = Image.ThumbnailBuffer(photo, box, height: box, size: Enums.Size.Down);
        thumbnail.JpegsaveBuffer(q: 80, keep: Enums.ForeignKeep.None);
    }
}
