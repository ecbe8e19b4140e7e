using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.FastPath;
using ImageResize.Core.Imaging.Jpeg;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Tests.Imaging.Jpeg;

/// <summary>Memory is kept or rented: after the first image of a kind, a thumbnail allocates little more than its own bytes.</summary>
public sealed class JpegAllocationTests
{
    /// <summary>The thumbnail, its list, a delegate, a copy of the spec, and the bytes that fill up the file's last word.</summary>
    private const int Limit = 328;

    /// <summary>Other tests share the pool and may empty it, but not every time.</summary>
    private const int Times = 20;

    private static readonly Dictionary<string, Func<byte[]>> Files = new()
    {
        ["a sample a block"] = () => JpegTestImages.Jpeg(1_280, 854),
        ["grey"] = () => JpegTestImages.Jpeg(1_280, 854, isGray: true),
        ["restarts"] = () => JpegTestImages.Jpeg(1_280, 854, restartInterval: 7),
        ["progressive"] = () => JpegTestImages.Jpeg(1_280, 854, progressive: true),
        ["optimised, on its side"] = () => JpegTestImages.Jpeg(1_280, 854, optimise: true, orientation: 6),
        ["quarters of blocks"] = () => JpegTestImages.Jpeg(854, 569),
        ["progressive, half the size"] = () => JpegTestImages.Jpeg(320, 213, progressive: true),
        ["half the size"] = () => JpegTestImages.Jpeg(320, 213),
        ["whole"] = () => JpegTestImages.Jpeg(150, 100),
    };

    public static TheoryData<string> Names => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_second_image_of_a_kind_allocates_little_more_than_its_thumbnail(string name)
    {
        var file = Files[name]();
        var thumbnails = new FastThumbnails(new ImagingOptions().GetLimits(), new ImagingOptions().GetQualitySettings());
        IReadOnlyList<ThumbnailSpec> specs = [new ThumbnailSpec(90, 90)];

        var least = Enumerable.Range(0, Times).Min(_ => CountBytes(thumbnails, file, specs));

        Assert.InRange(least, 0, Limit);
    }

    /// <summary>Everything allocated on this thread, less the thumbnail's own bytes.</summary>
    private static long CountBytes(FastThumbnails thumbnails, byte[] file, IReadOnlyList<ThumbnailSpec> specs)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var made = thumbnails.TryMake(file, specs, CancellationToken.None);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.NotNull(made);
        return allocated - made[0].Bytes.Length;
    }
}
