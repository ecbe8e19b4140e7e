using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Imaging.Operations;

public sealed class AnimationTests
{
    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions { MaxFrames = 5, MaxMegapixels = 1 }));

    [Theory]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.WebP)]
    public void A_thumbnail_of_an_animation_is_its_first_frame(ImageFormat format)
    {
        using var picture = Picture.Of(Make(Animation(format, frames: 3), new ThumbnailSpec(100, 100)));

        Assert.Equal((100, 75, 1, "RGBW"), (picture.Width, picture.Height, picture.Frames, picture.Quarters()));
    }

    [Theory]
    [InlineData(ImageFormat.Gif, ImageFormat.Gif)]
    [InlineData(ImageFormat.Gif, ImageFormat.WebP)]
    [InlineData(ImageFormat.WebP, ImageFormat.Gif)]
    [InlineData(ImageFormat.WebP, ImageFormat.WebP)]
    public void An_animation_keeps_its_frames_and_delays_on_request(ImageFormat from, ImageFormat to)
    {
        var thumbnail = Make(Animation(from, frames: 3), new ThumbnailSpec(100, 100) { Animated = true, Format = to });
        using var picture = Picture.Of(thumbnail);

        Assert.Equal((100, 75), (thumbnail.Width, thumbnail.Height));
        Assert.Equal((100, 75, 3, "RGBW"), (picture.Width, picture.Height, picture.Frames, picture.Quarters()));
        Assert.Equal([50, 50, 50], (int[])picture.Get("delay"));
    }

    [Theory]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.WebP)]
    public void An_animation_is_cropped_frame_by_frame(ImageFormat format)
    {
        var spec = new ThumbnailSpec(40, 40) { Animated = true, Fit = Fit.Cover, Gravity = Gravity.Attention };

        using var picture = Picture.Of(Make(Animation(format, frames: 3), spec));

        Assert.Equal((40, 40, 3), (picture.Width, picture.Height, picture.Frames));
    }

    [Theory]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Avif)]
    public void In_a_format_without_animation_an_animation_is_its_first_frame(ImageFormat format)
    {
        using var picture = Picture.Of(Make(
            TestImages.Gif(frames: 3), new ThumbnailSpec(100, 100) { Animated = true, Format = format }));

        Assert.Equal((100, 75, "RGBW"), (picture.Width, picture.Height, picture.Quarters()));
    }

    [Fact]
    public void A_still_image_may_be_requested_as_animated()
    {
        using var picture = Picture.Of(Make(TestImages.Gif(), new ThumbnailSpec(100, 100) { Animated = true }));

        Assert.Equal((100, 75, 1), (picture.Width, picture.Height, picture.Frames));
    }

    [Theory]
    [InlineData(ImageFormat.Gif, 4)]
    [InlineData(ImageFormat.Gif, 5)]
    [InlineData(ImageFormat.WebP, 5)]
    public void As_many_frames_as_the_limit_are_kept(ImageFormat format, int frames)
    {
        using var picture = Picture.Of(Make(Animation(format, frames), new ThumbnailSpec(100, 100) { Animated = true }));

        Assert.Equal(frames, picture.Frames);
    }

    [Theory]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.WebP)]
    public void More_frames_than_the_limit_are_refused_only_if_they_are_kept(ImageFormat format)
    {
        var source = Animation(format, frames: 6);

        var refusal = Assert.Throws<RefusedException>(() => Make(source, new ThumbnailSpec(100, 100) { Animated = true }));
        var still = Make(source, new ThumbnailSpec(100, 100));

        Assert.Equal(
            (ErrorCode.TooLarge.Name, "The image has 6 frames; the limit is 5 frames when an animation is kept."),
            (refusal.Code.Name, refusal.Message));
        Assert.Equal(100, still.Width);
    }

    [Theory]
    [InlineData(499, true)]
    [InlineData(500, true)]
    [InlineData(501, false)]
    public void Kept_frames_count_as_pixels(int height, bool isMade)
    {
        var source = TestImages.Gif(1_000, height, frames: 2);

        var made = Record.Exception(() => Make(source, new ThumbnailSpec(100, 100) { Animated = true }));

        Assert.Equal(isMade, made is null);
    }

    [Theory]
    [InlineData(3, true, "The animation of a PNG is not read. The thumbnail is its still image.")]
    [InlineData(3, false, null)]
    [InlineData(1, true, null)]
    [InlineData(0, true, null)]
    public void An_animated_png_that_becomes_a_still_image_says_so(int frames, bool isAnimated, string? note)
    {
        byte[] control = [0, 0, 0, (byte)frames, 0, 0, 0, 0];
        var png = frames == 0 ? TestImages.Png() : TestPng.With(TestImages.Png(), TestPng.Chunk("acTL", control));

        var thumbnail = Make(png, new ThumbnailSpec(100, 100) { Animated = isAnimated, Format = ImageFormat.WebP });

        Assert.Equal(note, thumbnail.Note);
    }

    [Theory]
    [InlineData(ImageFormat.Gif, ImageFormat.Jpeg, 3, "JPEG has no animation. The thumbnail is the first frame.")]
    [InlineData(ImageFormat.WebP, ImageFormat.Png, 3, "PNG has no animation. The thumbnail is the first frame.")]
    [InlineData(ImageFormat.Gif, ImageFormat.WebP, 3, null)]
    [InlineData(ImageFormat.Gif, ImageFormat.Jpeg, 1, null)]
    public void An_output_without_animation_says_so(ImageFormat from, ImageFormat to, int frames, string? note)
    {
        var thumbnail = Make(Animation(from, frames), new ThumbnailSpec(100, 100) { Animated = true, Format = to });

        Assert.Equal(note, thumbnail.Note);
    }

    private static byte[] Animation(ImageFormat format, int frames) =>
        format == ImageFormat.Gif ? TestImages.Gif(frames: frames) : TestImages.WebP(frames: frames);

    private Thumbnail Make(byte[] source, ThumbnailSpec spec) =>
        _thumbnailer.Make(source, [spec], TestContext.Current.CancellationToken).Single();
}
