using ImageResize.Core.Imaging.FastPath;
using ImageResize.Core.Imaging.Jpeg;
using ImageResize.Core.Imaging.Jpeg.Encoding;
using ImageResize.Core.Imaging.Jpeg.Scaling;
using ImageResize.Core.Imaging.Operations;
using NetVips;

namespace ImageResize.Bench;

/// <summary>Makes thumbnails from the bytes of files, with the fast path and with libvips in turn.</summary>
internal static class Speed
{
    private const int Rounds = 11;
    private const int WarmUp = 3;

    public static void Measure(string folder, int[] boxes)
    {
        ThumbnailSpec[] specs = [.. boxes.Select(box => new ThumbnailSpec(box, box))];
        var photos = Cpu.ReadPhotos(folder);
        var encoder = new JpegEncoder();
        var (ours, theirs, notOurs) = (new List<double>(), new List<double>(), 0);

        for (var round = 0; round < Rounds; round++)
        {
            notOurs = 0;
            ours.Add(Cpu.Of(() => notOurs = photos.Count(photo => !TryMake(photo, specs, encoder))));
            theirs.Add(Cpu.Of(() => Array.ForEach(photos, photo => MakeWithLibvips(photo, specs))));
        }

        var (mine, libvips) = (ours.Skip(WarmUp).Median() / photos.Length, theirs.Skip(WarmUp).Median() / photos.Length);
        Console.WriteLine(
            $"{photos.Length} photos of {photos.Average(photo => photo.Length) / 1_024:F0} KB to {string.Join(", ", boxes)}: " +
            $"ours {mine:F2} ms, libvips {libvips:F2} ms, ratio {libvips / mine:F2}, not ours {notOurs}");
    }

    /// <summary>The steps of ours: processor time to decode, to resize and to encode, medians of rounds.</summary>
    public static void MeasureSteps(string folder, int box)
    {
        ThumbnailSpec[] specs = [new(box, box)];
        var photos = Cpu.ReadPhotos(folder);
        var encoder = new JpegEncoder();
        List<double>[] times = [[], [], []];
        for (var round = 0; round < Rounds; round++)
        {
            var ends = new double[3];
            foreach (var photo in photos)
            {
                ShrunkJpeg? picture = null;
                ThumbnailPlanes? planes = null;
                ends[0] += Cpu.Of(() => picture = JpegFastPath.Decode(photo, specs, long.MaxValue, CancellationToken.None));
                ends[1] += Cpu.Of(() => planes = picture!.Resize(specs[0]));
                ends[2] += Cpu.Of(() => encoder.Encode(planes!, quality: 80));
                picture!.Dispose();
            }

            for (var step = 0; step < ends.Length; step++)
            {
                times[step].Add(ends[step] / photos.Length);
            }
        }

        var (decode, resize, encode) = (times[0].Skip(WarmUp).Median(), times[1].Skip(WarmUp).Median(), times[2].Skip(WarmUp).Median());
        Console.WriteLine($"{photos.Length} photos to {box}: decode {decode:F2} ms, resize {resize:F2} ms, encode {encode:F2} ms");
    }

    private static bool TryMake(byte[] photo, ThumbnailSpec[] specs, JpegEncoder encoder)
    {
        using var picture = JpegFastPath.Decode(photo, specs, long.MaxValue, CancellationToken.None);
        if (picture is null)
        {
            return false;
        }

        foreach (var spec in specs)
        {
            encoder.Encode(picture.Resize(spec), quality: 80);
        }

        return true;
    }

    private static void MakeWithLibvips(byte[] photo, ThumbnailSpec[] specs)
    {
        foreach (var spec in specs)
        {
            using var thumbnail = Image.ThumbnailBuffer(photo, spec.Width, height: spec.Height, size: Enums.Size.Down);
            thumbnail.JpegsaveBuffer(q: 80, keep: Enums.ForeignKeep.None);
        }
    }
}
