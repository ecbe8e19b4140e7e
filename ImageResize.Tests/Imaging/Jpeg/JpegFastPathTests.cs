using System.Buffers.Binary;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.FastPath;
using ImageResize.Core.Imaging.Jpeg.Encoding;
using ImageResize.Core.Imaging.Jpeg.Scaling;
using ImageResize.Core.Imaging.Operations;
using NetVips;

namespace ImageResize.Tests.Imaging.Jpeg;

public sealed class JpegFastPathTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Each_orientation_gives_the_same_upright_image_as_libvips(int orientation)
    {
        var file = JpegTestImages.Jpeg(640, 400, orientation: orientation);

        AssertIsLikeLibvips(file, 30, 30, Fit.Inside);
    }

    [Theory]
    [InlineData(false, false, Enums.ForeignSubsample.On, 0)]
    [InlineData(true, false, Enums.ForeignSubsample.On, 0)]
    [InlineData(false, true, Enums.ForeignSubsample.Off, 5)]
    [InlineData(true, true, Enums.ForeignSubsample.Off, 1)]
    public void Each_coding_gives_the_same_image_as_libvips(
        bool progressive, bool optimise, Enums.ForeignSubsample subsample, int restarts)
    {
        var file = JpegTestImages.Jpeg(
            801, 533, progressive: progressive, optimise: optimise, subsample: subsample, restartInterval: restarts);

        AssertIsLikeLibvips(file, 40, 40, Fit.Inside);
    }

    [Theory]
    [InlineData(Fit.Inside, 60, 40)]
    [InlineData(Fit.Cover, 60, 40)]
    [InlineData(Fit.Cover, 31, 77)]
    [InlineData(Fit.Fill, 33, 47)]
    public void Each_fit_gives_the_same_image_as_libvips(Fit fit, int width, int height)
    {
        var file = JpegTestImages.Jpeg(1_280, 960, orientation: 6);

        AssertIsLikeLibvips(file, width, height, fit);
    }

    [Fact]
    public void Four_samples_per_block_give_the_same_image_as_libvips()
    {
        var file = JpegTestImages.Jpeg(800, 600);

        AssertIsLikeLibvips(file, 90, 90, Fit.Inside);
    }

    [Fact]
    public void Several_thumbnails_of_one_image_are_the_same_as_libvips()
    {
        var file = JpegTestImages.Jpeg(1_283, 857, orientation: 6);
        ThumbnailSpec[] specs = [new(150, 150), new(20, 20), new(60, 33) { Fit = Fit.Cover }, new(90, 90)];

        using var picture = JpegFastPath.Decode(file, specs, long.MaxValue, TestContext.Current.CancellationToken);

        Assert.NotNull(picture);
        Assert.All(specs, spec => AssertIsLikeLibvips(picture, file, spec));
    }

    [Fact]
    public void A_gray_image_stays_gray()
    {
        var planes = Make(JpegTestImages.Jpeg(640, 400, isGray: true));

        Assert.Equal((20, 13, false), (planes?.Width, planes?.Height, planes?.IsColor));
    }

    [Fact]
    public void An_image_with_an_sRGB_profile_is_supported()
    {
        Assert.NotNull(Make(JpegTestImages.Jpeg(profile: "srgb")));
    }

    [Fact]
    public void An_image_with_another_profile_is_left_to_libvips() => AssertLeftToLibvips(JpegTestImages.Jpeg(profile: "p3"));

    [Fact]
    public void Arithmetic_coding_is_left_to_libvips() => AssertLeftToLibvips(JpegTestImages.Fixture("arithmetic.jpg"));

    [Fact]
    public void CMYK_is_left_to_libvips()
    {
        using var picture = Image.NewFromBuffer(JpegTestImages.Jpeg());
        using var inks = picture.Colourspace(Enums.Interpretation.Cmyk);

        AssertLeftToLibvips(inks.JpegsaveBuffer(keep: Enums.ForeignKeep.None));
    }

    [Theory]
    [InlineData(5_000, 4_000, 700, true)]
    [InlineData(5_000, 4_000, 2_000, false)] // 30 million samples
    [InlineData(2_400, 2_400, 1_500, false)] // 2.25 megapixels as floats
    public void A_thumbnail_that_needs_much_memory_is_left_to_libvips(int width, int height, int box, bool isSupported)
    {
        using var black = Image.Black(width, height);

        Assert.Equal(isSupported, Make(black.JpegsaveBuffer(keep: Enums.ForeignKeep.None), box) is not null);
    }

    [Theory]
    [InlineData(false, 20, true)]
    [InlineData(false, 40, true)]
    [InlineData(false, 100, true)]
    [InlineData(false, 200, true)]
    [InlineData(false, 250, false)]
    [InlineData(true, 20, true)]
    [InlineData(true, 200, true)]
    [InlineData(true, 250, false)]
    public void Whether_a_thumbnail_is_supported_is_decided_before_pixels_are_read(bool progressive, int box, bool isSupported)
    {
        var file = JpegTestImages.Jpeg(320, 200, progressive: progressive);
        using var picture = JpegFastPath.Decode(file, [new(box, box)], long.MaxValue, TestContext.Current.CancellationToken);

        // Reading pixels throws.
        var isCanceled = Record.Exception(() => JpegFastPath.Decode(file, [new(box, box)], long.MaxValue, new(canceled: true)));

        Assert.Equal((isSupported, isSupported), (picture is not null, isCanceled is OperationCanceledException));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_truncated_file_is_left_to_libvips(bool progressive)
    {
        var file = JpegTestImages.Jpeg(progressive: progressive, restartInterval: 4);

        for (var length = 0; length < file.Length; length++)
        {
            AssertLeftToLibvips(file[..length]);
        }
    }

    [Fact]
    public void A_file_with_extra_bytes_before_its_end_is_left_to_libvips()
    {
        var file = JpegTestImages.Jpeg();

        AssertLeftToLibvips([.. file[..^2], 0x12, 0x34, .. file[^2..]]);
    }

    [Fact]
    public void A_file_with_restart_markers_out_of_order_is_left_to_libvips()
    {
        var file = JpegTestImages.Jpeg(restartInterval: 4);
        var second = file.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD1]);
        file[second + 1] = 0xD2;

        AssertLeftToLibvips(file);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_huge_size_with_few_bytes_allocates_little(bool progressive)
    {
        var file = JpegTestImages.Jpeg(progressive: progressive);
        var frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, (byte)(progressive ? 0xC2 : 0xC0)]);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), 65_535);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), 65_535);
        var before = GC.GetAllocatedBytesForCurrentThread();

        AssertLeftToLibvips(file);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    [Fact]
    public void A_canceled_decode_throws()
    {
        var file = JpegTestImages.Jpeg();

        Assert.Throws<OperationCanceledException>(() => JpegFastPath.Decode(file, [new(20, 20)], long.MaxValue, new(canceled: true)));
    }

    [Fact]
    public void No_thumbnail_is_made_if_one_of_several_is_left_to_libvips()
    {
        var thumbnails = new FastThumbnails(new ImagingOptions().GetLimits(), new ImagingOptions().GetQualitySettings());
        var file = JpegTestImages.Jpeg(320, 200);
        var canceled = new CancellationToken(canceled: true);

        // Making one throws.
        Assert.Throws<OperationCanceledException>(() => thumbnails.TryMake(file, [new(20, 20)], canceled));
        Assert.Null(thumbnails.TryMake(file, [new(20, 20), new(300, 300)], canceled));
    }

    private static ThumbnailPlanes? Make(byte[] file, int box = 20)
    {
        using var picture = JpegFastPath.Decode(file, [new(box, box)], long.MaxValue, TestContext.Current.CancellationToken);
        return picture?.Resize(new(box, box));
    }

    private static void AssertLeftToLibvips(byte[] file) => Assert.Null(Make(file));

    private static void AssertIsLikeLibvips(byte[] file, int width, int height, Fit fit)
    {
        var spec = new ThumbnailSpec(width, height) { Fit = fit };
        using var picture = JpegFastPath.Decode(file, [spec], long.MaxValue, TestContext.Current.CancellationToken);

        Assert.NotNull(picture);
        AssertIsLikeLibvips(picture, file, spec);
    }

    private static void AssertIsLikeLibvips(ShrunkJpeg picture, byte[] file, ThumbnailSpec spec)
    {
        using var made = Image.NewFromBuffer(new JpegEncoder().Encode(picture.Resize(spec), quality: 89));

        // From the whole image: loaded at a smaller scale, libvips would round the size of that.
        using var whole = Image.NewFromBuffer(file);
        using var upright = whole.Autorot();
        using var wanted = upright.ThumbnailImage(
            spec.Width,
            height: spec.Height,
            size: spec.Fit == Fit.Fill ? Enums.Size.Force : Enums.Size.Down,
            crop: spec.Fit == Fit.Cover ? Enums.Interesting.Centre : Enums.Interesting.None);

        Assert.Equal((wanted.Width, wanted.Height, wanted.Bands), (made.Width, made.Height, made.Bands));
        Assert.InRange(JpegTestImages.Psnr(wanted, made), 28, double.MaxValue);
    }
}
