using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;
using NetVips;

namespace ImageResize.Tests.Imaging.Formats.Gif;

/// <summary>A GIF has a code for the end of its pixels. libvips accepts it, however many pixels are missing.</summary>
public sealed class GifPixelsTests
{
    private const int Width = 150;
    private const int Height = 120;
    private const int All = Width * Height;

    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    public static TheoryData<int, bool, bool, bool, int> Kinds =>
    [
        .. from codeSize in Enumerable.Range(2, 7)
           from clears in (bool[])[true, false]
           from isInterlaced in (bool[])[true, false]
           from hasOwnPalette in (bool[])[true, false]
           select (codeSize, clears, isInterlaced, hasOwnPalette, hasOwnPalette ? 255 : 3),
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_gif_of_any_kind_is_complete_with_its_last_pixel_and_damaged_without(
        int codeSize, bool clears, bool isInterlaced, bool hasOwnPalette, int blockLength)
    {
        var gif = new TestGif(Width, Height, codeSize, clears, hasOwnPalette, isInterlaced, blockLength);

        Assert.Null(Code(gif.Write(All)));
        Assert.Equal(ErrorCode.Damaged.Name, Code(gif.Write(All - 1)));
    }

    [Theory]
    [InlineData(All, All, All - 1)]
    [InlineData(All, 1, All)]
    [InlineData(All - 1, All, All)]
    public void A_frame_that_lacks_pixels_counts_where_it_is_drawn(int first, int second, int third)
    {
        var gif = new TestGif(Width, Height).Write(first, second, third);

        Assert.Equal(first == All ? null : ErrorCode.Damaged.Name, Code(gif));
        Assert.Equal(ErrorCode.Damaged.Name, Code(gif, animated: true));
    }

    [Fact]
    public void An_animation_that_is_cut_off_in_its_last_frame_is_damaged()
    {
        var gif = new TestGif(Width, Height).Write(All, All, All);

        Assert.Null(Code(gif, animated: true));
        Assert.Null(Code(gif[..^1], animated: true));
        Assert.Equal(ErrorCode.Damaged.Name, Code(gif[..^100], animated: true));
    }

    [Fact]
    public void More_pixels_than_a_frame_has_are_ignored() =>
        Assert.Null(Code(new TestGif(Width, Height).Write(All + 10)));

    [Theory]
    [InlineData(2, false)]
    [InlineData(17, true)]
    [InlineData(256, false)]
    public void A_gif_that_libvips_writes_is_complete(int colours, bool isInterlaced)
    {
        using var noise = TestImages.Noise(640, 480);

        Assert.Null(Code(noise.GifsaveBuffer(bitdepth: (int)Math.Ceiling(Math.Log2(colours)), interlace: isInterlaced)));
    }

    /// <summary>The GIF has no transparent colour. Pixels that no frame covers are transparent and not black.</summary>
    [Theory]
    [InlineData(60, 40, 25, 10)]
    [InlineData(640, 480, 25, 10)]
    public void The_canvas_around_a_smaller_first_frame_is_transparent(int width, int height, int left, int top)
    {
        var gif = new TestGif(20, 10).Write(200);
        var frame = gif.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x2C, 0, 0, 0, 0, 20, 0, 10, 0]);
        BitConverter.GetBytes(width | (height << 16)).CopyTo(gif, 6);
        BitConverter.GetBytes(left | (top << 16)).CopyTo(gif, frame + 1);

        using var picture = Picture.Of(_thumbnailer.Make(
            gif, [new ThumbnailSpec(width, height) { Format = ImageFormat.Png }], TestContext.Current.CancellationToken)[0]);

        Assert.Equal((width, height), (picture.Width, picture.Height));
        Assert.Equal(
            [0, byte.MaxValue, byte.MaxValue, 0],
            new[] { (left - 1, top), (left, top), (left + 19, top + 9), (left + 20, top + 9) }.Select(
                at => picture.At(at.Item1, at.Item2)[^1]));
    }

    private string? Code(byte[] gif, bool animated = false)
    {
        var spec = new ThumbnailSpec(100, 100) { Animated = animated };

        return (Record.Exception(
            () => _thumbnailer.Make(gif, [spec], TestContext.Current.CancellationToken)) as RefusedException)?.Code.Name;
    }
}
