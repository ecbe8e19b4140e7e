using System.Text;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Imaging.Formats.Pnm;

public sealed class PnmTests
{
    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    [Theory]
    [InlineData("P1 3 2\n1 0 1\n0 1 0\n", "KWK WKW")]
    [InlineData("P1\n3 2\n101010", "KWK WKW")]
    [InlineData("P1 # by hand\n3\n# height\n2 1 0 1 # row\n0 1 0", "KWK WKW")]
    [InlineData("P2 3 1 15\n15 0 15", "WKW")]
    [InlineData("P2\t3\r\n1\v1000\f1000 0 2000", "WKW")]
    [InlineData("P3 2 2 255\n255 0 0  0 255 0\n0 0 255  255 255 255\n", "RG BW")]
    [InlineData("P3 2 1 65535\n65535 0 0 0 65535 0", "RG")]
    [InlineData("P4 9 2\n\u00AA\u0080\u0055\0", "KWKWKWKWK WKWKWKWKW")]
    [InlineData("P5 3 1 255\n\0\u00FF\0", "KWK")]
    [InlineData("P5 3 1 7\n\0\u0007\u0009", "KWW")]
    [InlineData("P5 2 1 1000\n\0\0\u0003\u00E8", "KW")]
    [InlineData("P6 2 2 255\n\u00FF\0\0\0\u00FF\0\0\0\u00FF\u00FF\u00FF\u00FF", "RG BW")]
    [InlineData("P6 1 2 65535\n\u00FF\u00FF\0\0\0\0\0\0\u00FF\u00FF\0\0", "R G")]
    [InlineData("P5 2 1 255#comment\n\0\u00FFP5 and another", "KW")]
    public void Every_kind_is_read(string pnm, string rows)
    {
        using var picture = Picture.Of(Make(Latin1(pnm)));

        Assert.Equal(rows, string.Join(' ', picture.Rows()));
    }

    [Theory]
    [InlineData("P5 2 1 200\n\u0064\u00C8", 128, 255)]
    [InlineData("P5 2 1 65535\n\u0080\0\0\u0081", 128, 1)]
    [InlineData("P5 2 1 1023\n\u0001\0\u0002\0", 64, 128)]
    [InlineData("P2 2 1 100\n50 99", 128, 252)]
    public void Values_are_scaled_by_the_maximum(string pnm, int first, int second)
    {
        using var picture = Picture.Of(Make(Latin1(pnm)));

        Assert.Equal((first, second), (picture.At(0, 0)[0], picture.At(1, 0)[0]));
    }

    [Theory]
    [InlineData('\n')]
    [InlineData(' ')]
    [InlineData('#')]
    [InlineData('9')]
    public void The_first_pixel_can_have_the_value_of_any_character(char value)
    {
        using var picture = Picture.Of(Make(Latin1($"P5 2 1 255\n{value}\u00FF")));

        Assert.Equal((value, 255), ((char)picture.At(0, 0)[0], picture.At(1, 0)[0]));
    }

    [Fact]
    public void A_thumbnail_is_a_binary_ppm()
    {
        var made = _thumbnailer.Make(
            Latin1("P2 2 2 1\n1 1 1 1"), [new ThumbnailSpec(1, 1)], TestContext.Current.CancellationToken).Single();

        Assert.Equal((ImageFormat.Pnm, ".ppm"), (made.Format, made.Format.GetExtension()));
        Assert.Equal("P6\n1 1\n255\n\u00FF\u00FF\u00FF", Encoding.Latin1.GetString(made.Bytes.Span));
    }

    [Theory]
    [InlineData("P1 3 2\n1 0 1 0 1")]
    [InlineData("P1 3 2\n1 0 1 0 1 2")]
    [InlineData("P2 2 1 255\n1")]
    [InlineData("P2 2 1 255\n1 -1")]
    [InlineData("P3 1 1 255\n1 2 # 3")]
    [InlineData("P4 9 2\n\0\0\0")]
    [InlineData("P5 2 2 255\n\0\0\0")]
    [InlineData("P5 1 1 256\n\0")]
    [InlineData("P6 1 1 255\n\0\0")]
    [InlineData("P6 1000 1000 255\n")]
    public void Pixels_that_are_missing_are_damage(string pnm)
    {
        Assert.Equal(ErrorCode.Damaged, Assert.Throws<RefusedException>(() => Make(Latin1(pnm))).Code);
    }

    [Theory]
    [InlineData("P5 0 1 255\n\0")]
    [InlineData("P5 1 0 255\n\0")]
    [InlineData("P5 -1 1 255\n\0")]
    [InlineData("P5 1 1 0\n\0")]
    [InlineData("P5 1 1 65536\n\0\0")]
    [InlineData("P5 1 1 99999999999999999999\n\0\0")]
    [InlineData("P5 1 1 255")]
    [InlineData("P5 1 1 255x\0")]
    [InlineData("P5 1 1")]
    [InlineData("P5 1x1 255\n\0")]
    [InlineData("P4 1 ")]
    [InlineData("P5\n")]
    [InlineData("P6 is the sixth paragraph.")]
    [InlineData("P65 2 1 255\n\0\0")]
    public void A_header_that_no_writer_makes_is_no_image(string pnm)
    {
        var made = Assert.Throws<RefusedException>(() => Make(Latin1(pnm)));
        var measured = Assert.Throws<RefusedException>(() => _thumbnailer.Measure(new MemoryStream(Latin1(pnm))));

        Assert.Equal((ErrorCode.NotAnImage, ErrorCode.NotAnImage), (made.Code, measured.Code));
    }

    [Theory]
    [InlineData("P5 100000 100000 255\n")]
    [InlineData("P5 99999999999999999999 99999999999999999999 255\n")]
    [InlineData("P2 10000 5001 1\n1 1")]
    public void A_huge_image_is_refused_by_its_header(string pnm)
    {
        Assert.Equal(ErrorCode.TooLarge, Assert.Throws<RefusedException>(() => Make(Latin1(pnm))).Code);
    }

    [Fact]
    public void A_header_longer_than_the_bytes_that_are_searched_is_no_image()
    {
        var comment = new string('c', ImageFormats.PrefixLength);

        var refusal = Assert.Throws<RefusedException>(() => Make(Latin1($"P5 2 1 #{comment}\n255\n\0\0")));

        Assert.Equal(ErrorCode.NotAnImage, refusal.Code);
    }

    [Fact]
    public void Randomly_damaged_files_are_decoded_or_refused()
    {
        byte[][] wholes =
        [
            Latin1("P1 # c\n4 2\n1 0 1 0 0101"), Latin1("P2 2 2 15\n1 2 3 15\n"), Latin1("P3 1 2 255\n1 2 3 4 5 255\n"),
            Latin1("P4 9 2\n\u00AA\u0080\u0055\0"), Latin1("P5 2 2 1000\n\0\u0001\u0002\u0003\0\0\u0001\u0001"), TestImages.Pnm(6, 4),
        ];
        var random = new Random(3);
        for (var i = 0; i < 6_000; i++)
        {
            var harmed = wholes[i % wholes.Length].ToArray();
            harmed[random.Next(harmed.Length)] = (byte)random.Next(i % 2 == 0 ? 128 : 256);
            harmed[random.Next(2, harmed.Length)] = (byte)"0123456789 #\n"[random.Next(13)];

            var failure = Record.Exception(() => Make(harmed));

            Assert.True(failure is null or RefusedException, $"{i}: {failure}");
        }
    }

    private static byte[] Latin1(string text) => Encoding.Latin1.GetBytes(text);

    private Thumbnail Make(byte[] pnm) =>
        _thumbnailer.Make(pnm, [new ThumbnailSpec(100, 100) { Format = ImageFormat.Png }], TestContext.Current.CancellationToken).Single();
}
