using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Formats.Png;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Imaging;

public sealed class HostileImageTests
{
    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions { MaxMegapixels = 1 }));

    [Theory]
    [InlineData(ImageFormat.Jpeg, 999)]
    [InlineData(ImageFormat.Jpeg, 1_000)]
    [InlineData(ImageFormat.Png, 1_000)]
    [InlineData(ImageFormat.Gif, 1_000)]
    [InlineData(ImageFormat.WebP, 1_000)]
    [InlineData(ImageFormat.Tiff, 1_000)]
    [InlineData(ImageFormat.Bmp, 1_000)]
    public void Up_to_the_limit_of_megapixels_a_thumbnail_is_made(ImageFormat format, int height)
    {
        var thumbnail = Make(TestImages.Of(format, 1_000, height));

        Assert.Equal((100, 100), (thumbnail.Width, thumbnail.Height));
    }

    [Theory]
    [MemberData(nameof(TestImages.Formats), MemberType = typeof(TestImages))]
    public void One_line_over_the_limit_is_refused(ImageFormat format)
    {
        var refusal = Refusal(TestImages.Of(format, 1_000, 1_001));

        Assert.Equal(
            (ErrorCode.TooLarge.Name, "The image has 1000 x 1001 pixels; the limit is 1 megapixels."),
            (refusal.Code.Name, refusal.Message));
    }

    [Fact]
    public void A_giant_is_refused_by_its_header_alone()
    {
        var refusal = Refusal(TestPng.HeaderOnly(30_000, 30_000));

        Assert.Equal(ErrorCode.TooLarge.Name, refusal.Code.Name);
    }

    [Theory]
    [InlineData(100_000, 5, "damaged")]
    [InlineData(5, 100_000, "damaged")]
    [InlineData(100_001, 5, "too_large")]
    [InlineData(5, 100_001, "too_large")]
    public void A_strip_may_be_long_but_not_endless(int width, int height, string code)
    {
        Assert.Equal(code, Refusal(TestPng.HeaderOnly(width, height)).Code.Name);
    }

    [Fact]
    public void A_gif_counts_with_the_pixels_of_a_frame_that_its_header_hides()
    {
        // A canvas of ten by ten, a comment longer than all that is looked at for a size, and then nine million pixels.
        byte[] comment = [.. Enumerable.Repeat((byte[])[255, .. new byte[255]], 20).SelectMany(block => block)];
        byte[] gif =
        [
            .. "GIF89a"u8, 10, 0, 10, 0, 0x80, 0, 0, 255, 0, 0, 255, 255, 255,
            0x21, 0xFE, .. comment, 0,
            0x2C, 0, 0, 0, 0, 0xB8, 0x0B, 0xB8, 0x0B, 0, 2, 2, 0x44, 1, 0, 0x3B,
        ];

        var refusal = Refusal(gif);

        Assert.Equal("The image takes 27 MB to decode; the limit is 8 MB.", refusal.Message);
    }

    [Theory]
    [InlineData(799, true)]
    [InlineData(800, true)]
    [InlineData(801, false)]
    public void Channels_count_too(int height, bool isMade)
    {
        using var deep = NetVips.Image.Black(1_000, height, bands: 5).Cast(NetVips.Enums.BandFormat.Ushort);

        var made = Record.Exception(() => Make(deep.TiffsaveBuffer()));

        Assert.Equal(isMade ? null : "The image takes 8 MB to decode; the limit is 8 MB.", made?.Message);
    }

    [Theory]
    [InlineData(533, true)]
    [InlineData(534, false)]
    public void An_avif_counts_for_the_memory_that_its_decoder_takes(int height, bool isMade)
    {
        var made = Record.Exception(() => Make(TestImages.Avif(1_000, height)));

        Assert.Equal(isMade ? null : ErrorCode.TooLarge.Name, (made as RefusedException)?.Code.Name);
    }

    [Theory]
    [InlineData(NetVips.Enums.ForeignSubsample.On, 1_000, true)]
    [InlineData(NetVips.Enums.ForeignSubsample.Off, 888, true)]
    [InlineData(NetVips.Enums.ForeignSubsample.Off, 889, false)]
    public void A_progressive_jpeg_counts_for_the_coefficients_that_are_held(NetVips.Enums.ForeignSubsample halved, int height, bool isMade)
    {
        using var picture = TestImages.Quarters(1_000, height);

        var made = Record.Exception(() => Make(picture.JpegsaveBuffer(interlace: true, subsampleMode: halved)));

        Assert.Equal(isMade ? null : ErrorCode.TooLarge.Name, (made as RefusedException)?.Code.Name);
    }

    [Trait("Abuse", "16")]
    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.WebP)]
    [InlineData(ImageFormat.Bmp)]
    public void A_file_cut_in_half_is_refused_and_leaves_no_grey_thumbnail(ImageFormat format)
    {
        var whole = Noisy(format);

        var refusal = Refusal(whole[..(whole.Length / 2)]);

        Assert.Equal(
            (ErrorCode.Damaged.Name, "The image is damaged: its header can be read, its pixels cannot."),
            (refusal.Code.Name, refusal.Message));
    }

    [Theory]
    [InlineData(ImageFormat.Avif)]
    [InlineData(ImageFormat.Tiff)]
    public void Where_the_header_points_behind_the_cut_there_is_not_even_a_header(ImageFormat format)
    {
        var whole = Noisy(format);

        Assert.Equal(ErrorCode.NotAnImage.Name, Refusal(whole[..(whole.Length / 2)]).Code.Name);
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Tiff)]
    public void A_cut_that_is_only_felt_deep_in_the_pixels_is_refused_as_well(ImageFormat format)
    {
        var whole = Noisy(format);
        var harmed = format == ImageFormat.Jpeg ? whole[..^(whole.Length / 20)] : Zeroed(whole, whole.Length / 2, whole.Length / 20);

        Assert.Equal(ErrorCode.Damaged.Name, Refusal(harmed).Code.Name);
    }

    [Fact]
    public void A_png_with_flipped_bits_is_refused()
    {
        var harmed = Noisy(ImageFormat.Png);
        harmed[harmed.Length / 2] ^= 0x10;

        Assert.Equal(ErrorCode.Damaged.Name, Refusal(harmed).Code.Name);
    }

    [Fact]
    public void The_rest_of_a_larger_array_is_never_read()
    {
        var whole = Noisy(ImageFormat.Jpeg);

        // The second half is right there in the same array.
        var refusal = Assert.Throws<RefusedException>(() => Make(whole.AsMemory(0, whole.Length / 2)));

        Assert.Equal(ErrorCode.Damaged.Name, refusal.Code.Name);
    }

    [Fact]
    public void A_part_of_a_larger_array_is_as_good_as_an_array_of_its_own()
    {
        byte[] array = [.. new byte[100], .. TestImages.Jpeg(), .. new byte[100]];

        var thumbnail = Make(array.AsMemory(100..^100));

        Assert.Equal((100, 75), (thumbnail.Width, thumbnail.Height));
    }

    [Fact]
    public void Texts_in_a_png_are_not_unpacked()
    {
        var bomb = TestPng.With(TestImages.Png(), [.. Enumerable.Repeat(TestPng.Text(unpacked: 7_900_000), 400)]);

        var thumbnail = Make(bomb);
        var size = _thumbnailer.Measure(new MemoryStream(bomb));

        Assert.Equal((100, 75, 400, 300), (thumbnail.Width, thumbnail.Height, size.Width, size.Height));
        Assert.Equal(TestImages.Png(), PngText.Remove(bomb).ToArray());
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_jpeg_has_no_more_scans_than_encoders_write(int over, bool isMade)
    {
        var jpeg = TestImages.Jpeg(progressive: true);
        var scans = jpeg.AsSpan().Count((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        byte[] padded = [.. jpeg, .. Enumerable.Repeat((byte[])[0xFF, 0xDA], 200 + over - scans).SelectMany(scan => scan)];

        var made = Record.Exception(() => Make(padded));

        Assert.InRange(scans, 2, 20);
        Assert.Equal(isMade ? null : ErrorCode.TooLarge.Name, (made as RefusedException)?.Code.Name);
    }

    [Fact]
    public void Interlaced_pngs_and_progressive_jpegs_are_images_like_others()
    {
        Assert.Equal(100, Make(TestImages.Png(interlaced: true)).Width);
        Assert.Equal(100, Make(TestImages.Jpeg(progressive: true)).Width);
    }

    [Fact]
    public void What_stands_behind_an_image_in_its_file_does_not_matter()
    {
        byte[] polyglot = [.. TestImages.Jpeg(), .. TestImages.Png(), .. "PK\u0003\u0004"u8, .. "<?php ?>"u8];

        var thumbnail = Make(polyglot);

        Assert.Equal((ImageFormat.Jpeg, 100), (thumbnail.Format, thumbnail.Width));
        Assert.Equal(-1, thumbnail.Bytes.Span.IndexOf("php"u8));
    }

    [Fact]
    public void Seeded_damage_ends_in_a_thumbnail_or_a_refusal_and_in_nothing_else()
    {
        var random = new Random(7);
        foreach (var format in Enum.GetValues<ImageFormat>())
        {
            var whole = TestImages.Of(format, 60, 40);
            for (var i = 0; i < 40; i++)
            {
                var harmed = whole.ToArray();
                for (var flips = 0; flips < 4; flips++)
                {
                    harmed[random.Next(harmed.Length)] = (byte)random.Next(256);
                }

                var failure = Record.Exception(() => Make(harmed));

                Assert.True(failure is null or RefusedException, $"{format}, {i}: {failure}");
            }
        }
    }

    private static byte[] Noisy(ImageFormat format)
    {
        using var noise = TestImages.Noise(400, 400);
        return format switch
        {
            ImageFormat.Jpeg => noise.JpegsaveBuffer(),
            ImageFormat.Png => noise.PngsaveBuffer(),
            ImageFormat.Gif => noise.GifsaveBuffer(effort: 1),
            ImageFormat.WebP => noise.WebpsaveBuffer(effort: 0),
            ImageFormat.Avif => noise.HeifsaveBuffer(compression: NetVips.Enums.ForeignHeifCompression.Av1, effort: 0),
            ImageFormat.Tiff => noise.TiffsaveBuffer(compression: NetVips.Enums.ForeignTiffCompression.Deflate),
            _ => TestBmp.Rgb24(noise.WriteToMemory<byte>(), 400, 400),
        };
    }

    private static byte[] Zeroed(byte[] bytes, int from, int length)
    {
        bytes.AsSpan(from, length).Clear();
        return bytes;
    }

    private RefusedException Refusal(byte[] source) => Assert.Throws<RefusedException>(() => Make(source));

    private Thumbnail Make(ReadOnlyMemory<byte> source) =>
        _thumbnailer.Make(source, [new ThumbnailSpec(100, 100)], TestContext.Current.CancellationToken).Single();
}
