using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using ImageResize.Core.Imaging.FastPath;
using ImageResize.Core.Imaging.Jpeg;
using ImageResize.Core.Imaging.Jpeg.Encoding;
using ImageResize.Core.Imaging.Jpeg.Scaling;
using NetVips;
using SkiaSharp;

namespace ImageResize.Bench;

/// <summary>
/// One photo's steps by BenchmarkDotNet, for what <see cref="Speed"/> does not see: memory allocated for an image, and how far
/// runs differ. Its time is the clock's, so libvips' own threads are not in it.
/// </summary>
[MemoryDiagnoser]
public class Micro
{
    private const string Photo = "IMAGERESIZE_BENCH_PHOTO";

    private readonly JpegEncoder _encoder = new();
    private byte[] _photo = [];
    private ThumbnailPlanes? _planes;
    private byte[] _rgb = [];

    public static void Measure(string folder)
    {
        Environment.SetEnvironmentVariable(Photo, Directory.GetFiles(folder, "*.jpg").Order().First());
        var output = Directory.CreateTempSubdirectory().FullName;
        BenchmarkRunner.Run<Micro>(ManualConfig.Create(DefaultConfig.Instance)
            .WithArtifactsPath(output)
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)));
        Directory.Delete(output, recursive: true);
    }

    [GlobalSetup]
    public void Setup()
    {
        _photo = File.ReadAllBytes(Environment.GetEnvironmentVariable(Photo)!);
        _planes = Make(100);
        using var thumbnail = Image.ThumbnailBuffer(_photo, _planes.Width, height: _planes.Height, size: Enums.Size.Force);
        _rgb = thumbnail.WriteToMemory<byte>();
    }

    [Benchmark]
    public int DecodeTo100() => Make(100).Width;

    [Benchmark]
    public int DecodeTo200() => Make(200).Width;

    [Benchmark]
    public int Encode() => _encoder.Encode(_planes!, quality: 80).Length;

    [Benchmark]
    public int EncodeWithLibvips()
    {
        using var raw = Image.NewFromMemoryCopy(_rgb, _planes!.Width, _planes.Height, 3, Enums.BandFormat.Uchar);
        using var image = raw.Copy(interpretation: Enums.Interpretation.Srgb);
        return image.JpegsaveBuffer(q: 80, keep: Enums.ForeignKeep.None).Length;
    }

    [Benchmark]
    public int EncodeWithSkiaSharp()
    {
        using var bitmap = new SKBitmap(_planes!.Width, _planes.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var target = bitmap.GetPixelSpan();
        for (ReadOnlySpan<byte> source = _rgb; !source.IsEmpty; source = source[3..], target = target[4..])
        {
            source[..3].CopyTo(target);
            target[3] = 255;
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, quality: 80);
        return (int)data.Size;
    }

    private ThumbnailPlanes Make(int box)
    {
        using var picture = JpegFastPath.Decode(_photo, [new(box, box)], long.MaxValue, CancellationToken.None);
        return picture?.Resize(new(box, box)) ?? throw new InvalidOperationException("The photo is not the fast path's.");
    }
}
