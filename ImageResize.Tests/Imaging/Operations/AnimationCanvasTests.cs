using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Imaging.Samples;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;
using NetVips;

namespace ImageResize.Tests.Imaging.Operations;

/// <summary>Animations whose frames cover a part of the canvas, and animations with an orientation.</summary>
public sealed class AnimationCanvasTests
{
    private const int Kept = 1;
    private const int Cleared = 2;
    private const int Undone = 3;

    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    [Theory]
    [InlineData(ImageFormat.Gif, ImageFormat.Gif)]
    [InlineData(ImageFormat.Gif, ImageFormat.WebP)]
    [InlineData(ImageFormat.WebP, ImageFormat.WebP)]
    [InlineData(ImageFormat.WebP, ImageFormat.Gif)]
    public void A_canvas_is_transparent_where_no_frame_has_drawn(ImageFormat from, ImageFormat to)
    {
        var source = Partial(from, Kept);

        using var picture = Picture.Of(Make(source, to, animated: true));
        using var still = Picture.Of(Make(source, to, animated: false));

        Assert.Equal([(0, 255), (0, 255), (255, 255)], ReadAlphas(picture));
        Assert.Equal([(0, 255)], ReadAlphas(still));
    }

    [Theory]
    [InlineData(ImageFormat.Gif, Cleared)]
    [InlineData(ImageFormat.WebP, Cleared)]
    [InlineData(ImageFormat.Gif, Undone)]
    public void A_frame_that_is_removed_leaves_the_canvas_transparent(ImageFormat format, int disposal)
    {
        using var picture = Picture.Of(Make(Partial(format, disposal), format, animated: true));

        // The second frame covers the top of the first only.
        Assert.Equal([(0, 255), (0, 0), (255, 255)], ReadAlphas(picture));
    }

    [Fact]
    public void Every_frame_of_an_animation_is_turned_upright()
    {
        using var image = Image.NewFromBuffer(TestImages.WebP(80, 40, frames: 3), "[n=-1]");
        using var turned = image.Mutate(copy => copy.Set(GValue.GIntType, "orientation", 6));
        var source = turned.WebpsaveBuffer(lossless: true);

        foreach (var output in (ImageFormat[])[ImageFormat.WebP, ImageFormat.Gif])
        {
            var thumbnail = Make(source, output, animated: true);
            using var picture = Picture.Of(thumbnail);

            Assert.Equal((40, 80), (thumbnail.Width, thumbnail.Height));
            Assert.Equal((40, 80, 3, "BRWG"), (picture.Width, picture.Height, picture.Frames, picture.Quarters()));
            Assert.Equal([50, 50, 50], (int[])picture.Get("delay"));
        }
    }

    /// <summary>Three opaque frames on a canvas of 80 x 40: a half at the right, its upper quarter, and all of it.</summary>
    private static byte[] Partial(ImageFormat format, int disposal)
    {
        (int X, int Y, int Width, int Height)[] places = [(40, 0, 40, 40), (40, 0, 40, 10), (0, 0, 80, 40)];
        return format == ImageFormat.Gif ? TestAnimation.Gif(80, 40, disposal, places) : TestAnimation.WebP(80, 40, disposal, places);
    }

    /// <summary>The alpha of each frame at the left, and at the lower right.</summary>
    private static (int Left, int Right)[] ReadAlphas(Picture picture) =>
    [
        .. Enumerable.Range(0, picture.Frames).Select(frame => (
            ReadAlpha(picture, 10, (frame * picture.Height) + 20), ReadAlpha(picture, 60, (frame * picture.Height) + 30))),
    ];

    private static int ReadAlpha(Picture picture, int x, int y) => picture.At(x, y) is [_, _, _, var alpha] ? alpha : 255;

    private Thumbnail Make(byte[] source, ImageFormat format, bool animated) => _thumbnailer.Make(
        source, [new ThumbnailSpec(80, 80) { Format = format, Animated = animated }], TestContext.Current.CancellationToken)[0];
}
