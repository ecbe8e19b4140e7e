using System.Buffers.Binary;
using System.IO.Compression;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.FastPath;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Imaging.Png;
using ImageResize.Core.Imaging.Png.Chunks;
using ImageResize.Core.Imaging.Png.Inflating;

namespace ImageResize.Bench;

/// <summary>The time up to the end of each step of the fast path, and that of the platform's zlib for the same data.</summary>
internal static class Steps
{
    private const int Rounds = 13;
    private const int WarmUp = 4;
    private const int Repeats = 3;

    public static void Measure(string folder, int box)
    {
        byte[][] files = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        var streams = files.Select(ReadData).ToArray();
        ThumbnailSpec[] specs = [new(box, box) { Format = ImageFormat.Jpeg, Quality = 80 }];
        var thumbnails = new FastThumbnails(new ImagingOptions().GetLimits(), new ImagingOptions().GetQualitySettings());
        var (inflater, decoder, png, image) = (new Inflater(), new PngDecoder(), new ShrunkPng(), new PngImage());
        var steps = new (string Name, Action<int> Run)[]
        {
            ("platform's zlib by row", index => InflateWithPlatform(streams[index], files[index], image)),
            ("inflate", index => Inflate(inflater, image, files[index])),
            ("inflate, checksum and unfilter", index => Check(decoder.TryDecode(files[index], [], CancellationToken.None))),
            ("and resize", index => Check(png.TryDecode(files[index], specs, long.MaxValue, CancellationToken.None))),
            ("and encode", index => Check(thumbnails.TryMake(files[index], specs, CancellationToken.None) is not null)),
        };
        var times = steps.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var step = 0; step < steps.Length; step++)
            {
                times[step].Add(Cpu.Of(() => Repeat(files.Length, steps[step].Run)));
            }
        }

        for (var step = 0; step < steps.Length; step++)
        {
            Console.WriteLine($"{steps[step].Name}: {times[step].Skip(WarmUp).Median() / Repeats / files.Length:F2} ms");
        }
    }

    private static void Repeat(int files, Action<int> run)
    {
        for (var time = 0; time < Repeats * files; time++)
        {
            run(time % files);
        }
    }

    private static void Inflate(Inflater inflater, PngImage image, byte[] file)
    {
        var chunks = new PngChunks(file);
        Check(image.TryRead(file, ref chunks));
        var length = 1 + image.RowBytes;
        Check(inflater.TryStart(ref chunks, (long)length * image.Height, length));
        for (var row = 0; row < image.Height; row++)
        {
            Check(inflater.TryTake(ref chunks, length, out _));
        }
    }

    private static void InflateWithPlatform(byte[] stream, byte[] file, PngImage image)
    {
        var chunks = new PngChunks(file);
        Check(image.TryRead(file, ref chunks));
        using var source = new ZLibStream(new MemoryStream(stream), CompressionMode.Decompress);
        var row = new byte[1 + image.RowBytes];
        for (var done = 0; done < image.Height; done++)
        {
            source.ReadExactly(row);
        }
    }

    private static byte[] ReadData(byte[] png)
    {
        using var data = new MemoryStream();
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (png.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                data.Write(png, at + 8, length);
            }

            at += length + 12;
        }

        return data.ToArray();
    }

    private static void Check(bool isSound)
    {
        if (!isSound)
        {
            throw new InvalidOperationException("The fast path does not support the file.");
        }
    }
}
