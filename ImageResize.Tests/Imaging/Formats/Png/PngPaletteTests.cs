using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;
using NetVips;

namespace ImageResize.Tests.Imaging.Formats.Png;

public sealed class PngPaletteTests
{
    private const int BitsAt = 24;
    private const int ColoursAt = 25;
    private const byte Grey = 0;
    private const byte Palette = 3;

    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    [Fact]
    public void A_png_with_a_palette_keeps_one()
    {
        using var image = TestImages.Quarters(200, 150);
        var source = image.PngsaveBuffer(palette: true, bitdepth: 4);

        var (same, resized) = (Make(source, 200), Make(source, 100));
        using var picture = Picture.Of(same);

        Assert.Equal((2, Palette), (same[BitsAt], same[ColoursAt]));
        Assert.Equal("RGBW", picture.Quarters());
        Assert.Equal(Palette, resized[ColoursAt]);
    }

    [Fact]
    public void A_palette_with_transparency_keeps_it()
    {
        using var opaque = TestImages.Quarters(200, 150);
        using var image = opaque.Bandjoin(100);
        var source = image.PngsaveBuffer(palette: true);

        using var picture = Picture.Of(Make(source, 200));

        Assert.InRange(picture.At(10, 10)[3], 98, 102);
    }

    [Fact]
    public void A_black_and_white_png_keeps_one_bit()
    {
        using var black = Image.Black(200, 100);
        using var image = black.Mutate(copy => copy.DrawRect([255], 20, 20, 100, 50, fill: true));
        var source = image.PngsaveBuffer(bitdepth: 1);

        var same = Make(source, 200);
        using var picture = Picture.Of(same);

        Assert.Equal((1, Grey), (same[BitsAt], same[ColoursAt]));
        Assert.Equal((0, 255), (picture.At(5, 5)[0], picture.At(50, 40)[0]));
    }

    [Fact]
    public void A_png_that_xcode_changed_is_refused_by_name()
    {
        byte[] png = [.. TestImages.Png()[..8], .. TestPng.Chunk("CgBI", [0x50, 0, 0x20, 2]), .. TestImages.Png()[8..]];

        var refusal = Assert.Throws<RefusedException>(() => _thumbnailer.Measure(new MemoryStream(png)));

        Assert.Equal(ErrorCode.UnsupportedFormat, refusal.Code);
        Assert.Contains("CgBI", refusal.Message, StringComparison.Ordinal);
    }

    private byte[] Make(byte[] png, int side) =>
        _thumbnailer.Make(png, [new ThumbnailSpec(side, side)], TestContext.Current.CancellationToken)[0].Bytes.ToArray();
}
