using System.Diagnostics;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Imaging.Operations;

public sealed class SeveralThumbnailsTests
{
    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Thumbnails_come_in_the_order_of_their_specs()
    {
        var thumbnails = Make(
            TestImages.Jpeg(1_600, 1_200),
            new ThumbnailSpec(100, 100),
            new ThumbnailSpec(800, 800) { Format = ImageFormat.WebP },
            new ThumbnailSpec(50, 50) { Fit = Fit.Cover },
            new ThumbnailSpec(300, 300));

        Assert.Equal(
            [(100, 75, ImageFormat.Jpeg), (800, 600, ImageFormat.WebP), (50, 50, ImageFormat.Jpeg), (300, 225, ImageFormat.Jpeg)],
            thumbnails.Select(thumbnail => (thumbnail.Width, thumbnail.Height, thumbnail.Format)));
    }

    [Fact]
    public void Thumbnails_made_together_are_as_accurate_as_those_made_alone()
    {
        using var noise = TestImages.Noise(40, 30).Resize(40);
        var source = noise.JpegsaveBuffer(q: 95);
        using var whole = NetVips.Image.NewFromBuffer(source);
        using var decoded = whole.CopyMemory();
        ThumbnailSpec[] specs = [Png(800), Png(700), Png(399), Png(100)];

        var together = Make(source, specs);

        foreach (var (spec, thumbnail) in specs.Zip(together))
        {
            using var ideal = decoded.ThumbnailImage(thumbnail.Width, height: thumbnail.Height, size: NetVips.Enums.Size.Force);

            Assert.InRange(Difference(thumbnail, ideal), 0, Difference(Make(source, spec)[0], ideal) + 0.5);
        }
    }

    [Fact]
    public void Still_and_animated_and_kept_and_converted_colours_can_be_combined()
    {
        var gifs = Make(
            TestImages.Gif(frames: 3),
            new ThumbnailSpec(100, 100) { Animated = true },
            new ThumbnailSpec(100, 100),
            new ThumbnailSpec(50, 50) { Animated = true });
        var jpegs = Make(
            TestImages.DisplayP3Jpeg(),
            new ThumbnailSpec(200, 200) { Format = ImageFormat.Png, Keep = KeptMetadata.ColourProfile },
            new ThumbnailSpec(100, 100) { Format = ImageFormat.Png });

        Assert.Equal([3, 1, 3], gifs.Select(thumbnail => Picture.Of(thumbnail).Frames));
        Assert.InRange(Picture.Of(jpegs[0]).At(150, 40)[0], 100, 130);
        Assert.InRange(Picture.Of(jpegs[1]).At(75, 20)[0], 0, 12);
    }

    [Fact]
    public void No_specs_make_no_thumbnails()
    {
        Assert.Empty(Make(TestImages.Jpeg()));
    }

    [Fact]
    public async Task Several_threads_make_the_same_thumbnails_as_one()
    {
        var sources = Enum.GetValues<ImageFormat>().Select(format => TestImages.Of(format)).ToArray();
        var alone = sources.Select(source => Make(source, new ThumbnailSpec(100, 100))[0].Bytes.ToArray()).ToArray();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, 200),
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken },
            (i, _) =>
            {
                var which = i % sources.Length;
                Assert.Equal(alone[which], Make(sources[which], new ThumbnailSpec(100, 100))[0].Bytes.ToArray());
                return ValueTask.CompletedTask;
            });
    }

    [Fact]
    public void A_thumbnail_that_is_canceled_before_its_start_is_not_made()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(
            () => _thumbnailer.Make(TestImages.Jpeg(), [new ThumbnailSpec(100, 100)], cancelled.Token));
    }

    [Fact]
    public void A_running_decode_can_be_canceled()
    {
        using var noise = TestImages.Noise(4_000, 6_000);
        var source = noise.PngsaveBuffer(compression: 1, filter: NetVips.Enums.ForeignPngFilter.All);

        TimeOf(source, Token);

        // Ten attempts, each compared with a complete decode, because a busy machine may delay some. A decode that ignores cancellation
        // fails all of them.
        Assert.Contains(Enumerable.Range(0, 10), _ =>
        {
            var whole = TimeOf(source, Token);
            using var soon = new CancellationTokenSource(whole / 10);

            return TimeOf(source, soon.Token) < whole * 0.8 && soon.IsCancellationRequested;
        });
    }

    private TimeSpan TimeOf(byte[] source, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            _thumbnailer.Make(source, [new ThumbnailSpec(100, 100)], cancellationToken);
        }
        catch (OperationCanceledException) when (!Token.IsCancellationRequested)
        {
            // Canceled, as expected.
        }

        return clock.Elapsed;
    }

    /// <summary>On average, of 255.</summary>
    private static double Difference(Thumbnail thumbnail, NetVips.Image ideal)
    {
        using var picture = NetVips.Image.NewFromBuffer(thumbnail.Bytes.ToArray());
        return (picture - ideal).Abs().Avg();
    }

    private static ThumbnailSpec Png(int side) => new(side, side) { Format = ImageFormat.Png };

    private IReadOnlyList<Thumbnail> Make(byte[] source, params ThumbnailSpec[] specs) =>
        _thumbnailer.Make(source, specs, TestContext.Current.CancellationToken);
}
