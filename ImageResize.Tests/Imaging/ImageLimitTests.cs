using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Formats.Png;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Imaging;

/// <summary>Limits that are checked before an image is decoded.</summary>
public sealed class ImageLimitTests
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
    [InlineData(ImageFormat.Tga, 1_000)]
    [InlineData(ImageFormat.Pnm, 1_000)]
    public void An_image_of_exactly_the_megapixel_limit_is_decoded(ImageFormat format, int height)
    {
        var thumbnail = Make(TestImages.Of(format, 1_000, height));

        Assert.Equal((100, 100), (thumbnail.Width, thumbnail.Height));
    }

    [Theory]
    [MemberData(nameof(TestImages.Formats), MemberType = typeof(TestImages))]
    public void An_image_one_row_above_the_limit_is_refused(ImageFormat format)
    {
        var refusal = Refusal(TestImages.Of(format, 1_000, 1_001));

        Assert.Equal(
            (ErrorCode.TooLarge.Name, "The image has 1000 x 1001 pixels; the limit is 1 megapixels."),
            (refusal.Code.Name, refusal.Message));
    }

    [Fact]
    public void A_large_image_is_refused_by_its_header()
    {
        var refusal = Refusal(TestPng.HeaderOnly(30_000, 30_000));

        Assert.Equal(ErrorCode.TooLarge.Name, refusal.Code.Name);
    }

    [Theory]
    [InlineData(100_000, 5, "damaged")]
    [InlineData(5, 100_000, "damaged")]
    [InlineData(100_001, 5, "too_large")]
    [InlineData(5, 100_001, "too_large")]
    public void The_side_of_an_image_has_a_limit(int width, int height, string code)
    {
        Assert.Equal(code, Refusal(TestPng.HeaderOnly(width, height)).Code.Name);
    }

    [Fact]
    public void A_GIF_frame_larger_than_the_canvas_counts_towards_the_limit()
    {
        // A canvas of 10 x 10, a comment longer than the bytes that are searched for a size, and a frame of nine million pixels.
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
    public void Channels_count_towards_the_memory_limit(int height, bool isMade)
    {
        using var deep = NetVips.Image.Black(1_000, height, bands: 5).Cast(NetVips.Enums.BandFormat.Ushort);

        var made = Record.Exception(() => Make(deep.TiffsaveBuffer()));

        Assert.Equal(isMade ? null : "The image takes 8 MB to decode; the limit is 8 MB.", made?.Message);
    }

    [Theory]
    [InlineData(533, true)]
    [InlineData(534, false)]
    public void The_memory_of_the_AVIF_decoder_counts_towards_the_limit(int height, bool isMade)
    {
        var made = Record.Exception(() => Make(TestImages.Avif(1_000, height)));

        Assert.Equal(isMade ? null : ErrorCode.TooLarge.Name, (made as RefusedException)?.Code.Name);
    }

    [Theory]
    [InlineData(NetVips.Enums.ForeignSubsample.On, 1_000, true)]
    [InlineData(NetVips.Enums.ForeignSubsample.Off, 888, true)]
    [InlineData(NetVips.Enums.ForeignSubsample.Off, 889, false)]
    public void The_coefficients_of_a_progressive_JPEG_count_towards_the_limit(
        NetVips.Enums.ForeignSubsample halved, int height, bool isMade)
    {
        using var picture = TestImages.Quarters(1_000, height);

        var made = Record.Exception(() => MakeWithLibvips(picture.JpegsaveBuffer(interlace: true, subsampleMode: halved)));

        Assert.Equal(isMade ? null : ErrorCode.TooLarge.Name, (made as RefusedException)?.Code.Name);
    }

    [Fact]
    public void Text_chunks_of_a_PNG_are_not_decompressed()
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
    public void A_JPEG_with_too_many_scans_is_refused(int over, bool isMade)
    {
        var jpeg = TestImages.Jpeg(progressive: true);
        var scans = jpeg.AsSpan().Count((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        byte[] padded = [.. jpeg, .. Enumerable.Repeat((byte[])[0xFF, 0xDA], 200 + over - scans).SelectMany(scan => scan)];

        var made = Record.Exception(() => MakeWithLibvips(padded));

        Assert.InRange(scans, 2, 20);
        Assert.Equal(isMade ? null : ErrorCode.TooLarge.Name, (made as RefusedException)?.Code.Name);
    }

    private RefusedException Refusal(byte[] source) => Assert.Throws<RefusedException>(() => Make(source));

    private Thumbnail Make(ReadOnlyMemory<byte> source) => Make(source, new ThumbnailSpec(100, 100));

    /// <summary>The fast path writes JPEGs only.</summary>
    private Thumbnail MakeWithLibvips(ReadOnlyMemory<byte> source) =>
        Make(source, new ThumbnailSpec(100, 100) { Format = ImageFormat.Png });

    private Thumbnail Make(ReadOnlyMemory<byte> source, ThumbnailSpec spec) =>
        _thumbnailer.Make(source, [spec], TestContext.Current.CancellationToken).Single();
}
