using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Imaging.Samples;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;
using static ImageResize.Tests.Imaging.Samples.TestTga;

namespace ImageResize.Tests.Imaging.Formats.Tga;

/// <summary>Small images, read at their own size: R, G, B and W are the colours, K is black.</summary>
public sealed class TgaTests
{
    private static readonly byte[] Colours = [0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 255];

    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    [Theory]
    [InlineData(0x00, "RG", "BW")]
    [InlineData(0x10, "GR", "WB")]
    [InlineData(0x20, "BW", "RG")]
    [InlineData(0x30, "WB", "GR")]
    public void The_first_pixel_can_be_in_any_corner(int corner, string above, string below)
    {
        // Blue, white, red, green.
        byte[] pixels = [255, 0, 0, 255, 255, 255, 0, 0, 255, 0, 255, 0];

        Assert.Equal([above, below], Read(TestTga.File(Direct, 2, 2, 24, pixels, corner)));
    }

    [Theory]
    [InlineData(15, "007C E003 1F00 FF7F")]
    [InlineData(16, "007C E003 1F00 FF7F")]
    [InlineData(24, "0000FF 00FF00 FF0000 FFFFFF")]
    [InlineData(32, "0000FF00 00FF0000 FF000000 FFFFFF00")]
    public void Direct_colours_of_all_depths_are_read(int bits, string pixels)
    {
        Assert.Equal(["RG", "BW"], Read(TestTga.File(Direct, 2, 2, bits, Hex(pixels), TopLeft)));
    }

    [Theory]
    [InlineData(16, "007C E003 1F00 FF7F")]
    [InlineData(24, "0000FF 00FF00 FF0000 FFFFFF")]
    [InlineData(32, "0000FFFF 00FF00FF FF0000FF FFFFFFFF")]
    public void Palettes_of_all_depths_are_read(int entryBits, string palette)
    {
        var tga = TestTga.File(Palette, 2, 2, 8, [0, 1, 2, 3], TopLeft, Hex(palette), entryBits);

        Assert.Equal(["RG", "BW"], Read(tga));
    }

    [Theory]
    [InlineData(Direct, 24, "81 0000FF 01 FF0000 FFFFFF", "RR", "BW")]
    [InlineData(Direct, 24, "82 0000FF 80 FFFFFF", "RR", "RW")]
    [InlineData(Palette, 8, "00 03 82 01", "WG", "GG")]
    [InlineData(Grey, 8, "81 00 81 FF", "KK", "WW")]
    public void Runs_are_read_also_over_the_ends_of_rows(int colours, int bits, string packets, string above, string below)
    {
        var tga = TestTga.File(
            colours + RunLength, 2, 2, bits, Hex(packets), TopLeft, palette: colours == Palette ? Colours : null);

        Assert.Equal([above, below], Read(tga));
    }

    [Fact]
    public void Bytes_before_and_after_the_pixels_are_skipped()
    {
        var tga = TestTga.File(Direct, 1, 1, 24, [.. "name"u8, 0, 0, 255, .. "TRUEVISION-XFILE.\0"u8]);
        tga[0] = 4;

        Assert.Equal(["R"], Read(tga));
    }

    [Fact]
    public void Grey_is_read_with_and_without_transparency()
    {
        using var grey = Picture.Of(Make(TestTga.File(Grey, 2, 1, 8, [0, 77])));
        using var clear = Picture.Of(Make(TestTga.File(Grey, 2, 1, 16, [10, 255, 200, 99], descriptor: 8)));

        Assert.Equal(77, grey.At(1, 0)[0]);
        Assert.Equal([10, 10, 10, 255, 200, 200, 200, 99], [.. Rgba(clear.At(0, 0)), .. Rgba(clear.At(1, 0))]);
    }

    [Theory]
    [InlineData(8, 128)]
    [InlineData(0, 255)]
    public void Transparency_counts_if_the_header_declares_it(int descriptor, int alpha)
    {
        using var picture = Picture.Of(Make(TestTga.File(Direct, 2, 1, 32, [0, 0, 255, 128, 0, 0, 255, 255], descriptor)));

        Assert.Equal(alpha, Rgba(picture.At(0, 0))[3]);
    }

    [Fact]
    public void An_alpha_channel_of_zeros_does_not_make_the_image_transparent()
    {
        using var picture = Picture.Of(Make(TestTga.File(Direct, 2, 1, 32, [0, 0, 255, 0, 0, 255, 0, 0], descriptor: 8)));

        Assert.Equal(["RG"], picture.Rows());
        Assert.Equal(255, Rgba(picture.At(0, 0))[3]);
    }

    [Fact]
    public void A_thumbnail_of_a_tga_is_one_that_other_programs_read()
    {
        var made = _thumbnailer.Make(
            TestImages.Tga(), [new ThumbnailSpec(100, 100)], TestContext.Current.CancellationToken).Single();

        // Run-length encoded, 24 bits, top row first.
        Assert.Equal((ImageFormat.Tga, 10, 24, TopLeft), (made.Format, made.Bytes.Span[2], made.Bytes.Span[16], made.Bytes.Span[17]));
        Assert.Equal("image/x-tga", made.Format.GetContentType());
    }

    private string[] Read(byte[] tga)
    {
        using var picture = Picture.Of(Make(tga));
        return picture.Rows();
    }

    private static int[] Rgba(int[] channels) => channels.Length switch
    {
        1 => [channels[0], channels[0], channels[0], 255],
        2 => [channels[0], channels[0], channels[0], channels[1]],
        3 => [.. channels, 255],
        _ => channels,
    };

    private static byte[] Hex(string digits) => Convert.FromHexString(digits.Replace(" ", "", StringComparison.Ordinal));

    private Thumbnail Make(byte[] tga) =>
        _thumbnailer.Make(tga, [new ThumbnailSpec(100, 100) { Format = ImageFormat.Png }], TestContext.Current.CancellationToken).Single();
}
