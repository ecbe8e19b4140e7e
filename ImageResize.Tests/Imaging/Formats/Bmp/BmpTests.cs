using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Imaging.Formats.Bmp;

/// <summary>Small images, read at their own size: R, G, B and W are the colours, K is black.</summary>
public sealed class BmpTests
{
    private const int RunLength8 = 1;
    private const int RunLength4 = 2;
    private const int BitFields = 3;

    private static readonly byte[] Palette = [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0];
    private static readonly byte[] CorePalette = [0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 255];

    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    [Theory]
    [InlineData(1, new byte[] { 0b0100_0000, 0, 0, 0, 0b1000_0000, 0, 0, 0 }, "GR", "RG")]
    [InlineData(2, new byte[] { 0b1011_0000, 0, 0, 0, 0b0001_0000, 0, 0, 0 }, "RG", "BW")]
    [InlineData(4, new byte[] { 0x23, 0, 0, 0, 0x01, 0, 0, 0 }, "RG", "BW")]
    [InlineData(8, new byte[] { 2, 3, 0, 0, 0, 1, 0, 0 }, "RG", "BW")]
    public void Palettes_of_all_depths_are_read(int bits, byte[] rows, string above, string below)
    {
        Assert.Equal([above, below], Read(TestBmp.Info(2, 2, bits, rows, extra: Palette, colours: 4)));
    }

    [Fact]
    public void An_os2_header_with_its_three_byte_palette_is_read()
    {
        Assert.Equal(["RG", "BW"], Read(TestBmp.Core(2, 2, 4, CorePalette, [0x23, 0, 0, 0, 0x01, 0, 0, 0])));
    }

    [Fact]
    public void An_image_stored_top_row_first_is_read()
    {
        Assert.Equal(["RG", "BW"], Read(TestBmp.Info(2, -2, 8, [0, 1, 0, 0, 2, 3, 0, 0], extra: Palette)));
    }

    [Theory]
    [InlineData(16, "", "1F00 FF7F 007C E003")]
    [InlineData(16, "00F80000 E0070000 1F000000", "1F00 FFFF 00F8 E007")]
    [InlineData(24, "", "FF0000 FFFFFF 0000 0000FF 00FF00 0000")]
    [InlineData(32, "", "FF000000 FFFFFF00 0000FF00 00FF0000")]
    [InlineData(32, "FF000000 00FF0000 0000FF00", "0000FF00 FFFFFF00 FF000000 00FF0000")]
    public void Direct_colours_of_all_depths_are_read(int bits, string masks, string rows)
    {
        var bmp = TestBmp.Info(2, 2, bits, Hex(rows), masks == "" ? 0 : BitFields, Hex(masks));

        Assert.Equal(["RG", "BW"], Read(bmp));
    }

    [Fact]
    public void A_row_wider_than_its_image_is_cut_off()
    {
        Assert.Equal(["RG", "BW"], Read(TestBmp.Info(2, 2, 8, [1, 2, 4, 3, 0, 0, 1, 0, 3, 1, 0, 1], RunLength8, Palette)));
    }

    [Fact]
    public void Four_bits_a_channel_are_read_with_their_transparency()
    {
        byte[] masks = [0, 0x0F, 0, 0, 0xF0, 0, 0, 0, 0x0F, 0, 0, 0, 0, 0xF0, 0, 0];
        var bmp = TestBmp.Info(2, 1, 16, [0x00, 0xFF, 0xF0, 0x80], BitFields, masks, headerLength: 56);

        using var picture = Picture.Of(Make(bmp));

        Assert.Equal([255, 0, 0, 255, 0, 255, 0, 136], [.. picture.At(0, 0), .. picture.At(1, 0)]);
    }

    [Fact]
    public void An_alpha_mask_makes_transparency()
    {
        byte[] masks = [0, 0, 0xFF, 0, 0, 0xFF, 0, 0, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF];
        var bmp = TestBmp.Info(2, 1, 32, [0, 0, 255, 255, 0, 0, 255, 0], BitFields, masks, headerLength: 56);

        using var picture = Picture.Of(Make(bmp));

        Assert.Equal((255, 0), (picture.At(0, 0)[^1], picture.At(1, 0)[^1]));
    }

    [Fact]
    public void An_alpha_channel_of_zeros_does_not_make_the_image_transparent()
    {
        byte[] masks = [0, 0, 0xFF, 0, 0, 0xFF, 0, 0, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF];
        var bmp = TestBmp.Info(2, 1, 32, [0, 0, 255, 0, 0, 255, 0, 0], BitFields, masks, headerLength: 56);

        Assert.Equal(["RG"], Read(bmp));
    }

    [Theory]
    [InlineData(RunLength8, 8, new byte[] { 1, 2, 1, 3, 0, 0, 1, 0, 1, 1, 0, 1 })]
    [InlineData(RunLength8, 8, new byte[] { 1, 2, 1, 3, 0, 2, 0, 0, 0, 0, 0, 4, 0, 1, 0, 1, 0, 1 })]
    [InlineData(RunLength4, 4, new byte[] { 2, 0x23, 0, 0, 2, 0x01, 0, 1 })]
    [InlineData(RunLength4, 4, new byte[] { 2, 0x23, 0, 0, 0, 3, 0x01, 0x00, 0, 1 })]
    public void Packed_rows_are_read_runs_and_literals(int compression, int bits, byte[] packed)
    {
        Assert.Equal(["RG", "BW"], Read(TestBmp.Info(2, 2, bits, packed, compression, Palette)));
    }

    [Fact]
    public void Pixels_that_packed_rows_skip_have_the_first_colour()
    {
        // One blue pixel, a move of one right and one up, one white pixel.
        Assert.Equal(["RRW", "BRR"], Read(TestBmp.Info(3, 2, 8, [1, 2, 0, 2, 1, 1, 1, 3, 0, 1], RunLength8, Palette)));
    }

    [Fact]
    public void Runs_over_the_edge_are_cut_off()
    {
        Assert.Equal(["GG", "BB"], Read(TestBmp.Info(2, 2, 8, [255, 2, 0, 0, 200, 1, 0, 0, 9, 9, 0, 1], RunLength8, Palette)));
    }

    [Fact]
    public void Colours_that_the_palette_does_not_have_are_black()
    {
        Assert.Equal(["RK"], Read(TestBmp.Info(2, 1, 8, [0, 200, 0, 0], extra: Palette, colours: 4)));
    }

    [Fact]
    public void The_padding_of_the_last_row_may_be_missing()
    {
        Assert.Equal(["R"], Read(TestBmp.Info(1, 1, 24, [0, 0, 255])));
    }

    [Theory]
    [InlineData(24, 0, 11)]
    [InlineData(8, 0, 5)]
    [InlineData(8, RunLength8, 5)]
    public void Pixels_that_end_too_early_are_damage(int bits, int compression, int bytes)
    {
        var bmp = TestBmp.Info(2, 2, bits, [.. Enumerable.Repeat((byte)1, bytes)], compression, bits == 8 ? Palette : []);

        Assert.Equal(ErrorCode.Damaged.Name, Refusal(bmp).Code.Name);
    }

    [Theory]
    [InlineData(0, 2, 24, 0)]
    [InlineData(-2, 2, 24, 0)]
    [InlineData(2, 0, 24, 0)]
    [InlineData(2, int.MinValue, 24, 0)]
    [InlineData(2, 2, 0, 0)]
    [InlineData(2, 2, 40, 0)]
    [InlineData(2, 2, 24, RunLength8)]
    [InlineData(2, -2, 8, RunLength8)]
    [InlineData(2, 2, 24, BitFields)]
    [InlineData(2, 2, 24, 99)]
    public void A_header_that_contradicts_itself_is_refused(int width, int height, int bits, int compression)
    {
        var bmp = TestBmp.Info(width, height, bits, new byte[64], compression, new byte[16]);

        Assert.Equal(ErrorCode.NotAnImage.Name, Refusal(bmp).Code.Name);
    }

    [Fact]
    public void Masks_with_holes_are_refused()
    {
        Assert.Equal(
            ErrorCode.NotAnImage.Name,
            Refusal(TestBmp.Info(2, 2, 32, new byte[64], BitFields, [0x55, 0, 0, 0, 0, 0xFF, 0, 0, 0, 0, 0xFF, 0])).Code.Name);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void A_bmp_around_another_format_is_refused_by_name(int compression)
    {
        var refusal = Refusal(TestBmp.Info(2, 2, 0, new byte[64], compression));

        Assert.Equal(ErrorCode.UnsupportedFormat.Name, refusal.Code.Name);
        Assert.Contains("BMP that wraps", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3_000_000, 2_000_000)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(10_000, 5_001)]
    public void A_huge_image_is_refused_by_its_header(int width, int height)
    {
        Assert.Equal(ErrorCode.TooLarge.Name, Refusal(TestBmp.Info(width, height, 24, new byte[64])).Code.Name);
    }

    private string[] Read(byte[] bmp)
    {
        using var picture = Picture.Of(Make(bmp));
        return picture.Rows();
    }

    private static byte[] Hex(string digits) => Convert.FromHexString(digits.Replace(" ", "", StringComparison.Ordinal));

    private RefusedException Refusal(byte[] bmp) => Assert.Throws<RefusedException>(() => Make(bmp));

    private Thumbnail Make(byte[] bmp) =>
        _thumbnailer.Make(bmp, [new ThumbnailSpec(100, 100) { Format = ImageFormat.Png }], TestContext.Current.CancellationToken).Single();
}
