using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Imaging.Operations;

public sealed class ThumbnailFormatTests
{
    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    [Theory]
    [MemberData(nameof(TestImages.Formats), MemberType = typeof(TestImages))]
    public void By_default_a_thumbnail_has_the_format_of_its_source(ImageFormat format)
    {
        var thumbnail = Make(TestImages.Of(format), new ThumbnailSpec(100, 100));

        Assert.Equal(format, thumbnail.Format);
        Assert.Equal(new ImageSize(100, 75, Orientation: 1, format), Measure(thumbnail));
        Assert.Equal("RGBW", Quarters(thumbnail));
    }

    [Theory]
    [MemberData(nameof(TestImages.Formats), MemberType = typeof(TestImages))]
    public void Any_format_becomes_any_other(ImageFormat from)
    {
        var source = TestImages.Of(from);

        foreach (var to in Enum.GetValues<ImageFormat>())
        {
            var thumbnail = Make(source, new ThumbnailSpec(100, 100) { Format = to });

            Assert.Equal(new ImageSize(100, 75, Orientation: 1, to), Measure(thumbnail));
            Assert.Equal("RGBW", Quarters(thumbnail));
        }
    }

    [Theory]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.WebP)]
    [InlineData(ImageFormat.Avif)]
    [InlineData(ImageFormat.Tiff)]
    [InlineData(ImageFormat.Bmp)]
    [InlineData(ImageFormat.Tga)]
    public void Transparency_is_kept_where_the_format_has_it(ImageFormat format)
    {
        var thumbnail = Make(TestImages.TransparentPng(), new ThumbnailSpec(100, 100) { Format = format });
        var asPng = Make(thumbnail.Bytes.ToArray(), new ThumbnailSpec(100, 100) { Format = ImageFormat.Png });
        using var picture = Picture.Of(asPng);

        Assert.Equal((0, 255), (picture.At(20, 40)[^1], picture.At(80, 40)[^1]));
    }

    [Theory]
    [InlineData(null, 255, 255, 255)]
    [InlineData("#ff8000", 255, 128, 0)]
    [InlineData("#000000", 0, 0, 0)]
    public void In_formats_without_transparency_the_background_is_visible(string? background, int red, int green, int blue)
    {
        var spec = new ThumbnailSpec(100, 100) { Format = ImageFormat.Jpeg, Background = background, Quality = 95 };

        using var picture = Picture.Of(Make(TestImages.TransparentPng(), spec));

        Assert.False(picture.HasAlpha);
        Assert.All(
            picture.At(20, 40).Zip([red, green, blue]),
            channel => Assert.InRange(channel.First, channel.Second - 6, channel.Second + 6));
    }

    [Fact]
    public void Grey_with_transparency_gets_a_grey_background()
    {
        using var grey = NetVips.Image.Black(40, 40, bands: 2).Copy(interpretation: NetVips.Enums.Interpretation.Bw);

        using var picture = Picture.Of(Make(grey.PngsaveBuffer(), new ThumbnailSpec(20, 20) { Format = ImageFormat.Jpeg }));

        Assert.Equal([255], picture.At(10, 10));
    }

    [Fact]
    public void Grey_with_transparency_gets_the_background_that_was_asked_for()
    {
        using var grey = NetVips.Image.Black(40, 40, bands: 2).Copy(interpretation: NetVips.Enums.Interpretation.Bw);
        using var opaque = NetVips.Image.Black(40, 40);
        var keyed = TestPng.With(opaque.PngsaveBuffer(), TestPng.Chunk("tRNS", [0, 0]));
        var spec = new ThumbnailSpec(20, 20) { Format = ImageFormat.Jpeg, Background = "#ff8000", Quality = 95 };

        foreach (var source in (byte[][])[grey.PngsaveBuffer(), keyed, grey.TiffsaveBuffer()])
        {
            using var picture = Picture.Of(Make(source, spec));

            Assert.All(
                picture.At(10, 10).Zip((int[])[255, 128, 0]),
                channel => Assert.InRange(channel.First, channel.Second - 3, channel.Second + 3));
        }
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.WebP)]
    [InlineData(ImageFormat.Avif)]
    public void The_quality_of_the_spec_takes_precedence_over_the_setting(ImageFormat format)
    {
        using var noise = TestImages.Noise(200, 200);
        var source = noise.PngsaveBuffer();
        var low = new Thumbnailer(Options.Create(new ImagingOptions { JpegQuality = 30, WebPQuality = 30, AvifQuality = 30 }));

        var bySpec = Make(source, new ThumbnailSpec(100, 100) { Format = format, Quality = 30 });
        var bySetting = low.Make(source, [new ThumbnailSpec(100, 100) { Format = format }], TestContext.Current.CancellationToken)[0];
        var byDefault = Make(source, new ThumbnailSpec(100, 100) { Format = format });

        Assert.Equal(bySpec.Bytes, bySetting.Bytes, (one, other) => one.Span.SequenceEqual(other.Span));
        Assert.True(bySpec.Bytes.Length < byDefault.Bytes.Length);
    }

    [Fact]
    public void CMYK_is_converted_to_sRGB()
    {
        using var picture = Picture.Of(Make(TestImages.CmykJpeg(), new ThumbnailSpec(100, 100)));

        // CMYK has no green this bright.
        Assert.Equal(3, picture.Bands);
        Assert.Equal(1, Array.IndexOf(picture.At(75, 20), picture.At(75, 20).Max()));
        Assert.DoesNotContain("icc-profile-data", picture.Fields);
    }

    [Fact]
    public void Wide_gamut_is_converted_to_sRGB()
    {
        using var picture = Picture.Of(Make(TestImages.DisplayP3Jpeg(), new ThumbnailSpec(100, 100) { Format = ImageFormat.Png }));

        // Stored, this green is 117, 251, 76.
        var green = picture.At(75, 20).Zip(TestImages.Green);
        Assert.All(green, channel => Assert.InRange(channel.First, channel.Second - 12, channel.Second + 12));
        Assert.DoesNotContain("icc-profile-data", picture.Fields);
    }

    [Fact]
    public void A_colour_profile_is_kept_on_request_with_the_colours_as_stored()
    {
        var spec = new ThumbnailSpec(100, 100) { Format = ImageFormat.Png, Keep = KeptMetadata.ColourProfile };

        using var picture = Picture.Of(Make(TestImages.DisplayP3Jpeg(), spec));

        Assert.InRange(picture.At(75, 20)[0], 100, 130);
        Assert.Contains("icc-profile-data", picture.Fields);
    }

    [Theory]
    [InlineData(NetVips.Enums.BandFormat.Ushort, NetVips.Enums.Interpretation.Rgb16, 257)]
    [InlineData(NetVips.Enums.BandFormat.Float, NetVips.Enums.Interpretation.Srgb, 1)]
    public void Deep_colours_become_8_bits(NetVips.Enums.BandFormat format, NetVips.Enums.Interpretation interpretation, int scale)
    {
        using var deep = TestImages.Quarters(400, 300).Linear([scale], [0]).Cast(format).Copy(interpretation: interpretation);

        using var picture = Picture.Of(Make(deep.TiffsaveBuffer(), new ThumbnailSpec(100, 100) { Format = ImageFormat.Png }));

        Assert.Equal(("RGBW", NetVips.Enums.BandFormat.Uchar), (picture.Quarters(), picture.Format));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(7)]
    public void A_thumbnail_of_a_tiff_with_many_channels_has_those_that_its_format_can_hold(int bands)
    {
        using var odd = NetVips.Image.Black(300, 300, bands: bands);

        foreach (var format in Enum.GetValues<ImageFormat>())
        {
            var thumbnail = Make(odd.TiffsaveBuffer(), new ThumbnailSpec(100, 100) { Format = format });

            Assert.Equal((100, 100), (thumbnail.Width, thumbnail.Height));
        }
    }

    private Thumbnail Make(byte[] source, ThumbnailSpec spec) =>
        _thumbnailer.Make(source, [spec], TestContext.Current.CancellationToken).Single();

    private ImageSize Measure(Thumbnail thumbnail) => _thumbnailer.Measure(new MemoryStream(thumbnail.Bytes.ToArray()));

    private string Quarters(Thumbnail thumbnail)
    {
        // libvips does not read these.
        var readable = thumbnail.Format is ImageFormat.Bmp or ImageFormat.Tga or ImageFormat.Pnm
            ? Make(thumbnail.Bytes.ToArray(), new ThumbnailSpec(1_000, 1_000) { Format = ImageFormat.Png })
            : thumbnail;
        using var picture = Picture.Of(readable);

        return picture.Quarters();
    }
}
