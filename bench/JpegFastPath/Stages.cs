using System.Diagnostics;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Jpeg;

namespace ImageResize.Bench;

/// <summary>Where the fast path's time goes: the decoder, what follows up to the pixels, the encoder.</summary>
internal static class Stages
{
    private const int Rounds = 30;

    public static void Measure(string folder, int box)
    {
        var photos = Cpu.ReadPhotos(folder);
        var decoder = new JpegDecoder();
        var encoder = new JpegEncoder();
        var (decode, pixels, encode) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            long decoding = 0, making = 0, encoding = 0;
            foreach (var photo in photos)
            {
                var start = Stopwatch.GetTimestamp();
                decoder.TryReadHeader(photo);
                decoder.TryDecode(photo, [1, 1, 1], CancellationToken.None);
                decoder.Release();
                var decoded = Stopwatch.GetTimestamp();
                JpegFastPath.TryMake(photo, box, box, Fit.Inside, long.MaxValue, CancellationToken.None, out var made);
                var ready = Stopwatch.GetTimestamp();
                encoder.Encode(made!, quality: 80);
                encoding += Stopwatch.GetTimestamp() - ready;
                made!.Dispose();
                decoding += decoded - start;
                making += ready - decoded;
            }

            decode.Add(Each(decoding));
            pixels.Add(Each(making - decoding));
            encode.Add(Each(encoding));
        }

        Console.WriteLine($"decode {decode.Median():F3} ms, resize and colour {pixels.Median():F3} ms, encode {encode.Median():F3} ms");

        double Each(long ticks) => 1_000.0 * ticks / Stopwatch.Frequency / photos.Length;
    }
}
