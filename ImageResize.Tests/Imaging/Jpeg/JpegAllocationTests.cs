using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Jpeg;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Tests.Imaging.Jpeg;

/// <summary>What a picture needs is kept or rented: after the first of its kind, its thumbnail costs its own bytes and next to nothing else.</summary>
public sealed class JpegAllocationTests
{
    /// <summary>The thumbnail's record, the list it comes in, a delegate.</summary>
    private const int Limit = 256;

    /// <summary>Other tests share the pool and may empty it, but not each time.</summary>
    private const int Times = 20;

    private static readonly Dictionary<string, Func<byte[]>> Files = new()
    {
        ["a sample a block"] = () => TestPictures.Jpeg(1_280, 854),
        ["grey"] = () => TestPictures.Jpeg(1_280, 854, isGrey: true),
        ["restarts"] = () => TestPictures.Jpeg(1_280, 854, restartInterval: 7),
        ["progressive"] = () => TestPictures.Jpeg(1_280, 854, progressive: true),
        ["optimised, on its side"] = () => TestPictures.Jpeg(1_280, 854, optimise: true, orientation: 6),
        ["quarters of blocks"] = () => TestPictures.Jpeg(854, 569),
    };

    public static TheoryData<string> Names => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_second_picture_of_a_kind_allocates_little_but_its_thumbnail(string name)
    {
        var file = Files[name]();
        var thumbnails = new FastThumbnails(new ImagingOptions());
        IReadOnlyList<ThumbnailSpec> specs = [new ThumbnailSpec(90, 90)];

        var least = Enumerable.Range(0, Times).Min(_ => CountBytes(thumbnails, file, specs));

        Assert.InRange(least, 0, Limit);
    }

    /// <summary>All that is allocated on this thread, less the thumbnail's own bytes.</summary>
    private static long CountBytes(FastThumbnails thumbnails, byte[] file, IReadOnlyList<ThumbnailSpec> specs)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var made = thumbnails.Find(file, specs, CancellationToken.None);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.NotNull(made);
        return allocated - made[0].Bytes.Length;
    }
}
