using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Imaging.Operations;

public sealed class ThumbnailSizeTests
{
    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    [Trait("Abuse", "12")]
    [Theory]
    [InlineData(400, 300, 100, 100, 100, 75)]
    [InlineData(300, 400, 100, 100, 75, 100)]
    [InlineData(1_996, 830, 100, 100, 100, 42)]
    [InlineData(400, 300, 200, 50, 67, 50)]
    [InlineData(50, 40, 300, 300, 50, 40)]
    [InlineData(100, 100, 100, 100, 100, 100)]
    [InlineData(101, 100, 100, 100, 100, 99)]
    [InlineData(1, 2_000, 100, 100, 1, 100)]
    [InlineData(2_000, 1, 100, 100, 100, 1)]
    [InlineData(1, 1, 100, 100, 1, 1)]
    public void Inside_keeps_the_ratio_within_the_box_and_never_enlarges(int width, int height, int box, int boxHeight, int wide, int high)
    {
        var size = Make(width, height, new ThumbnailSpec(box, boxHeight));

        Assert.Equal((wide, high), size);
    }

    [Theory]
    [InlineData(400, 300, 100, 100, 100, 100)]
    [InlineData(300, 400, 50, 100, 50, 100)]
    [InlineData(400, 300, 399, 10, 399, 10)]
    [InlineData(50, 40, 300, 300, 50, 40)]
    [InlineData(400, 80, 100, 100, 100, 80)]
    [InlineData(1, 2_000, 100, 100, 1, 100)]
    public void Cover_fills_the_box_as_far_as_it_can_without_enlarging(int width, int height, int box, int boxHeight, int wide, int high)
    {
        var size = Make(width, height, new ThumbnailSpec(box, boxHeight) { Fit = Fit.Cover });

        Assert.Equal((wide, high), size);
    }

    [Theory]
    [InlineData(400, 300, 100, 100, 100, 100)]
    [InlineData(400, 300, 10, 200, 10, 200)]
    [InlineData(50, 400, 100, 100, 50, 100)]
    public void Fill_stretches_to_the_box_and_enlarges_no_side(int width, int height, int box, int boxHeight, int wide, int high)
    {
        var size = Make(width, height, new ThumbnailSpec(box, boxHeight) { Fit = Fit.Fill });

        Assert.Equal((wide, high), size);
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    public void A_thumbnail_without_a_height_is_as_high_as_it_must_be(ImageFormat format)
    {
        var thumbnail = MakeOne(TestImages.Jpeg(40, 17_000), new ThumbnailSpec(30, ThumbnailSpec.UnlimitedSide) { Format = format });

        Assert.Equal((30, 12_750), (thumbnail.Width, thumbnail.Height));
    }

    [Theory]
    [InlineData(ImageFormat.WebP, "WebP allows 16383 a side")]
    [InlineData(ImageFormat.Avif, "AVIF allows 16384 a side")]
    public void A_thumbnail_that_the_output_format_cannot_have_is_refused(ImageFormat format, string words)
    {
        var spec = new ThumbnailSpec(40, ThumbnailSpec.UnlimitedSide) { Format = format };

        var refusal = Assert.Throws<RefusedException>(() => MakeOne(TestImages.Jpeg(40, 17_000), spec));

        Assert.Equal(ErrorCode.TooLarge, refusal.Code);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cover_keeps_the_middle()
    {
        using var thumbnail = Picture.Of(MakeOne(TestImages.Png(400, 100), new ThumbnailSpec(50, 50) { Fit = Fit.Cover }));

        Assert.Equal("RGBW", thumbnail.Quarters());
    }

    [Fact]
    public void Cover_by_attention_keeps_the_most_salient_part()
    {
        using var dull = NetVips.Image.Black(400, 100, bands: 3).Copy(interpretation: NetVips.Enums.Interpretation.Srgb);
        using var eyeCatcher = TestImages.Quarters(60, 60);
        using var picture = dull.Insert(eyeCatcher, 330, 20);

        using var centre = Picture.Of(MakeOne(picture.PngsaveBuffer(), new ThumbnailSpec(100, 100) { Fit = Fit.Cover }));
        using var attention = Picture.Of(MakeOne(
            picture.PngsaveBuffer(), new ThumbnailSpec(100, 100) { Fit = Fit.Cover, Gravity = Gravity.Attention }));

        Assert.Equal("KKKK", centre.Quarters());
        Assert.NotEqual("KKKK", attention.Quarters());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void A_thumbnail_is_upright_and_has_no_orientation_tag(int orientation)
    {
        // The places of red, green, blue and white after the image is turned upright.
        var upright = orientation switch
        {
            1 => "RGBW",
            2 => "GRWB",
            3 => "WBGR",
            4 => "BWRG",
            5 => "RBGW",
            6 => "BRWG",
            7 => "WGBR",
            _ => "GWRB",
        };
        var size = orientation >= 5 ? (75, 100) : (100, 75);

        foreach (var source in (byte[][])
            [TestImages.Jpeg(400, 300, orientation), TestImages.Png(400, 300, orientation), TestImages.Tiff(400, 300, orientation),
             TestImages.WebP(400, 300, orientation: orientation)])
        {
            var thumbnail = MakeOne(source, new ThumbnailSpec(100, 100));
            using var picture = Picture.Of(thumbnail);

            Assert.Equal((size, size, upright), ((thumbnail.Width, thumbnail.Height), (picture.Width, picture.Height), picture.Quarters()));
            Assert.Equal(1, _thumbnailer.Measure(new MemoryStream(thumbnail.Bytes.ToArray())).Orientation);
            Assert.DoesNotContain(picture.Fields, field => field.StartsWith("exif-", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_box_applies_to_the_upright_image()
    {
        var thumbnail = MakeOne(TestImages.Jpeg(400, 300, orientation: 6), new ThumbnailSpec(60, 30) { Fit = Fit.Cover });

        Assert.Equal((60, 30), (thumbnail.Width, thumbnail.Height));
    }

    [Theory]
    [InlineData(640, 480)]
    [InlineData(1_024, 768)]
    public void A_gif_whose_frames_are_smaller_keeps_its_canvas(int width, int height)
    {
        var gif = TestImages.Gif(10, 8, frames: 2);
        BitConverter.TryWriteBytes(gif.AsSpan(6), (ushort)width);
        BitConverter.TryWriteBytes(gif.AsSpan(8), (ushort)height);

        var still = MakeOne(gif, new ThumbnailSpec(100, 100) { Format = ImageFormat.Png });
        using var moving = Picture.Of(MakeOne(gif, new ThumbnailSpec(100, 100) { Animated = true }));
        using var picture = Picture.Of(still);

        Assert.Equal((100, 75, true), (still.Width, still.Height, picture.HasAlpha));
        Assert.Equal((100, 75, 2), (moving.Width, moving.Height, moving.Frames));
        Assert.Equal(0, picture.At(90, 70)[^1]);
    }

    private Thumbnail MakeOne(byte[] source, ThumbnailSpec spec) =>
        _thumbnailer.Make(source, [spec], TestContext.Current.CancellationToken).Single();

    private (int Width, int Height) Make(int width, int height, ThumbnailSpec spec)
    {
        var thumbnail = MakeOne(TestImages.Png(width, height), spec);
        using var picture = Picture.Of(thumbnail);

        Assert.Equal((picture.Width, picture.Height), (thumbnail.Width, thumbnail.Height));
        return (thumbnail.Width, thumbnail.Height);
    }
}
