using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Imaging;

/// <summary>
/// Thumbnails that cannot be written within the deadline are refused by the header. Any other refusal would mean decoding.
/// </summary>
public sealed class TooSlowTests
{
    private static readonly Thumbnailer Thumbnailer = new(Options.Create(new ImagingOptions { DeadlineSeconds = 1 }));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ImageFormat.Avif, 12)]
    [InlineData(ImageFormat.WebP, 25)]
    public void More_thumbnails_than_the_deadline_allows_are_refused_before_decoding(ImageFormat format, int count)
    {
        var specs = Enumerable.Repeat(new ThumbnailSpec(1000, 1000) { Format = format }, count).ToList();

        var refusal = Assert.Throws<RefusedException>(() => Thumbnailer.Make(WithoutPixels(1000, 1000), specs, Token));

        Assert.Equal(ErrorCode.ImageTooSlow, refusal.Code);
    }

    [Fact]
    public void Frames_of_an_animation_count()
    {
        var gif = TestImages.Gif(300, 300, frames: 50);
        var specs = Enumerable.Repeat(new ThumbnailSpec(300, 300) { Format = ImageFormat.WebP, Animated = true }, 6).ToList();

        var refusal = Assert.Throws<RefusedException>(() => Thumbnailer.Make(gif, specs, Token));

        Assert.Equal(ErrorCode.ImageTooSlow, refusal.Code);
    }

    [Fact]
    public void Parts_of_a_job_count_together()
    {
        var specs = Enumerable.Repeat(new ThumbnailSpec(1000, 1000) { Format = ImageFormat.Avif }, 6).ToList();
        var first = new ImageWork(Measure: false, specs) { LaterSpecs = specs };

        var refusal = Assert.Throws<RefusedException>(() => first.Run(Thumbnailer, WithoutPixels(1000, 1000), Token));

        Assert.Equal(ErrorCode.ImageTooSlow, refusal.Code);
    }

    [Fact]
    public void Only_pixels_that_the_source_has_count()
    {
        var specs = Enumerable.Repeat(new ThumbnailSpec(4096, 4096) { Format = ImageFormat.Avif }, 12).ToList();

        Assert.Equal(12, Thumbnailer.Make(TestImages.Png(40, 30), specs, Token).Count);
    }

    /// <summary>A PNG whose header can be read and whose pixels cannot.</summary>
    private static byte[] WithoutPixels(int width, int height)
    {
        var png = TestImages.Png(width, height);
        var pixels = png.AsSpan(png.AsSpan().IndexOf("IDAT"u8) + 8);
        pixels[..Math.Min(64, pixels.Length)].Clear();

        return png;
    }
}
