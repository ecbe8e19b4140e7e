using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Imaging.Scheduling;

public sealed class ImageCostTests
{
    private static readonly ImagingOptions Options = new() { MaxMegapixels = 10, MaxFrames = 4 };

    [Theory]
    [InlineData(ImageFormat.Jpeg, 0, 1)]
    [InlineData(ImageFormat.Png, 2, 1)]
    [InlineData(ImageFormat.Gif, 7, 1)]
    [InlineData(ImageFormat.WebP, 5, 1)]
    [InlineData(ImageFormat.Avif, 26, 1)]
    [InlineData(ImageFormat.Tiff, 8, 2)]
    [InlineData(ImageFormat.Bmp, 4, 0)]
    [InlineData(ImageFormat.Tga, 8, 0)]
    [InlineData(ImageFormat.Pnm, 3, 0)]
    public void The_memory_of_an_image_depends_on_its_format(ImageFormat format, int bytes, int copies)
    {
        var image = TestImages.Of(format);

        Assert.Equal((400 * 300 * bytes) + (copies * image.Length), Weigh(image));
    }

    [Fact]
    public void The_memory_of_a_small_TIFF_with_many_pages_includes_the_copies_without_them()
    {
        var image = TestTiff.WithPages(TestImages.Tiff(40, 30), 200_000);

        Assert.Equal((40 * 30 * 8) + (2 * image.Length), Weigh(image));
    }

    [Fact]
    public void Images_whose_coefficients_are_held_until_the_last_scan_need_more_memory()
    {
        var (jpeg, png) = (TestImages.Jpeg(progressive: true), TestImages.Png(interlaced: true));

        Assert.Equal((400 * 300 * 7) + jpeg.Length, Weigh(jpeg));
        Assert.Equal((400 * 300 * 8) + png.Length, Weigh(png));
    }

    [Fact]
    public void Animated_thumbnails_need_memory_for_the_frames_that_may_be_kept()
    {
        var gif = TestImages.Gif(frames: 3);

        Assert.Equal(
            (4 * 400 * 300 * 7) + gif.Length + (4 * 20 * 20 * 16),
            Weigh(gif, new ThumbnailSpec(20, 20) { Animated = true }));
    }

    [Fact]
    public void Output_pixels_count_up_to_the_number_of_source_pixels()
    {
        var jpeg = TestImages.Jpeg();

        Assert.Equal(
            jpeg.Length + (20 * 20 * 16) + (400 * 300 * 26),
            Weigh(jpeg, new ThumbnailSpec(20, 20), new ThumbnailSpec(4000, 4000) { Format = ImageFormat.Avif }));
    }

    [Fact]
    public void An_image_that_declares_too_many_pixels_counts_as_the_maximum()
    {
        var avif = TestImages.Avif();
        avif.AsSpan(avif.AsSpan().IndexOf("ispe"u8) + 8, 8).Fill(0xFF);

        Assert.Equal((10_000_000 * 26) + avif.Length, Weigh(avif));
    }

    [Theory]
    [MemberData(nameof(TestImages.Formats), MemberType = typeof(TestImages))]
    public void The_memory_of_any_bytes_is_above_zero_and_at_most_the_maximum(ImageFormat format)
    {
        var picture = TestImages.Of(format);
        var random = new Random(1);
        for (var i = 0; i < 2_000; i++)
        {
            var mutated = picture[..random.Next(picture.Length)];
            for (var flips = 0; flips < 4 && mutated.Length > 8; flips++)
            {
                mutated[random.Next(8, Math.Min(mutated.Length, 400))] = (byte)random.Next(256);
            }

            Assert.InRange(Weigh(mutated), 0, (10_000_000 * 26) + (2 * mutated.Length));
        }
    }

    [Fact]
    public void Small_thumbnails_are_made_together_and_large_ones_in_parts()
    {
        var bmp = TestImages.Bmp(3000, 2000);

        Assert.Equal([17], ImageCost.Divide(bmp, [.. Enumerable.Repeat(new ThumbnailSpec(300, 300), 17)], Options));
        Assert.Equal([2, 2, 1], ImageCost.Divide(bmp, [.. Enumerable.Repeat(new ThumbnailSpec(3000, 3000), 5)], Options));
        Assert.Equal([5, 2], ImageCost.Divide(
            bmp, [.. Enumerable.Repeat(new ThumbnailSpec(300, 300), 3), .. Enumerable.Repeat(new ThumbnailSpec(4000, 4000), 4)], Options));
    }

    private static long Weigh(byte[] picture, params ThumbnailSpec[] specs) => ImageCost.Of(picture, specs, Options).Bytes;
}
