using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Imaging.Samples;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Imaging;

/// <summary>Damaged images and images with foreign data.</summary>
public sealed class HostileImageTests
{
    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions { MaxMegapixels = 1 }));

    [Trait("Abuse", "16")]
    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.WebP)]
    [InlineData(ImageFormat.Bmp)]
    [InlineData(ImageFormat.Tga)]
    [InlineData(ImageFormat.Pnm)]
    public void A_truncated_file_is_refused_as_damaged(ImageFormat format)
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
    public void A_file_truncated_before_its_directory_is_not_an_image(ImageFormat format)
    {
        var whole = Noisy(format);

        Assert.Equal(ErrorCode.NotAnImage.Name, Refusal(whole[..(whole.Length / 2)]).Code.Name);
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Tiff)]
    public void Damage_in_the_last_pixels_is_refused(ImageFormat format)
    {
        var whole = Noisy(format);
        var harmed = format == ImageFormat.Jpeg ? whole[..^(whole.Length / 20)] : Zeroed(whole, whole.Length / 2, whole.Length / 20);

        Assert.Equal(ErrorCode.Damaged.Name, Refusal(harmed).Code.Name);
    }

    [Fact]
    public void A_PNG_with_a_flipped_bit_is_refused()
    {
        var harmed = Noisy(ImageFormat.Png);
        harmed[harmed.Length / 2] ^= 0x10;

        Assert.Equal(ErrorCode.Damaged.Name, Refusal(harmed).Code.Name);
    }

    [Fact]
    public void Bytes_after_the_given_range_of_an_array_are_never_read()
    {
        var whole = Noisy(ImageFormat.Jpeg);

        // The second half is in the same array.
        var refusal = Assert.Throws<RefusedException>(() => Make(whole.AsMemory(0, whole.Length / 2)));

        Assert.Equal(ErrorCode.Damaged.Name, refusal.Code.Name);
    }

    [Fact]
    public void An_image_can_be_a_range_of_an_array()
    {
        byte[] array = [.. new byte[100], .. TestImages.Jpeg(), .. new byte[100]];

        var thumbnail = Make(array.AsMemory(100..^100));

        Assert.Equal((100, 75), (thumbnail.Width, thumbnail.Height));
    }

    [Fact]
    public void Interlaced_PNGs_and_progressive_JPEGs_are_decoded()
    {
        Assert.Equal(100, Make(TestImages.Png(interlaced: true)).Width);
        Assert.Equal(100, Make(TestImages.Jpeg(progressive: true)).Width);
    }

    [Fact]
    public void Data_after_the_end_of_an_image_is_ignored()
    {
        byte[] polyglot = [.. TestImages.Jpeg(), .. TestImages.Png(), .. "PK\u0003\u0004"u8, .. "<?php ?>"u8];

        var thumbnail = Make(polyglot);

        Assert.Equal((ImageFormat.Jpeg, 100), (thumbnail.Format, thumbnail.Width));
        Assert.Equal(-1, thumbnail.Bytes.Span.IndexOf("php"u8));
    }

    [Fact]
    public void Randomly_damaged_images_are_decoded_or_refused()
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
            ImageFormat.Tga => TestTga.Rgb24(noise.WriteToMemory<byte>(), 400, 400),
            ImageFormat.Pnm => TestImages.Pnm(noise),
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
