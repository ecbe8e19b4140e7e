using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Imaging.Samples;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;
using NetVips;

namespace ImageResize.Tests.Imaging.Formats;

public sealed class MeasuringTests
{
    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    [Theory]
    [MemberData(nameof(TestImages.Formats), MemberType = typeof(TestImages))]
    public void The_size_and_the_format_come_from_the_bytes(ImageFormat format)
    {
        var size = Measure(TestImages.Of(format, 230, 110));

        Assert.Equal(new ImageSize(230, 110, Orientation: 1, format), size);
    }

    [Theory]
    [MemberData(nameof(TestImages.Formats), MemberType = typeof(TestImages))]
    public void A_forward_only_stream_is_measured_and_stays_open(ImageFormat format)
    {
        using var stream = new ForwardStream(TestImages.Of(format, 230, 110), atOnce: 7);

        var size = _thumbnailer.Measure(stream);

        Assert.Equal(new ImageSize(230, 110, Orientation: 1, format), size);
        Assert.False(stream.IsClosed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void The_size_is_as_stored_with_the_orientation_beside_it(int orientation)
    {
        ImageSize[] sizes =
        [
            Measure(TestImages.Jpeg(40, 30, orientation)),
            Measure(TestImages.Png(40, 30, orientation)),
            Measure(TestImages.WebP(40, 30, orientation: orientation)),
            Measure(TestImages.Tiff(40, 30, orientation)),
        ];

        Assert.All(sizes, size => Assert.Equal((40, 30, orientation), (size.Width, size.Height, size.Orientation)));
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.WebP)]
    [InlineData(ImageFormat.Bmp)]
    [InlineData(ImageFormat.Tga)]
    [InlineData(ImageFormat.Pnm)]
    public void Only_the_start_of_a_large_file_is_read(ImageFormat format)
    {
        using var noise = TestImages.Noise(1_000, 1_000);
        var file = format switch
        {
            ImageFormat.Jpeg => noise.JpegsaveBuffer(q: 95),
            ImageFormat.Png => noise.PngsaveBuffer(),
            ImageFormat.Gif => noise.GifsaveBuffer(effort: 1),
            ImageFormat.WebP => noise.WebpsaveBuffer(q: 95, effort: 0, keep: Enums.ForeignKeep.None),
            ImageFormat.Tga => TestTga.Rgb24(noise.WriteToMemory<byte>(), 1_000, 1_000),
            ImageFormat.Pnm => TestImages.Pnm(noise),
            _ => TestBmp.Rgb24(noise.WriteToMemory<byte>(), 1_000, 1_000),
        };
        using var stream = new ForwardStream(file);

        _thumbnailer.Measure(stream);

        Assert.True(file.Length > 300_000);
        Assert.InRange(stream.BytesRead, 1, 8_192);
    }

    [Fact]
    public void A_size_behind_a_large_block_of_metadata_is_found_by_reading_just_past_it()
    {
        const int BlockLength = 65_000;
        var jpeg = TestImages.Jpeg(1_000, 1_000);
        byte[] block = [0xFF, 0xE2, (byte)(BlockLength >> 8), BlockLength & 0xFF, .. new byte[BlockLength - 2]];
        byte[] padded = [.. jpeg[..2], .. block, .. block, .. block, .. jpeg[2..], .. new byte[500_000]];
        using var stream = new ForwardStream(padded);

        var size = _thumbnailer.Measure(stream);

        Assert.Equal((1_000, 1_000), (size.Width, size.Height));
        Assert.InRange(stream.BytesRead, 3 * BlockLength, (3 * BlockLength) + 16_384);
    }

    [Fact]
    public void A_fault_of_the_stream_is_not_a_refusal_of_the_image()
    {
        using var stream = new ForwardStream(TestImages.Avif(), breaksAt: ImageFormats.PrefixLength - 4_000);

        var fault = Assert.Throws<IOException>(() => _thumbnailer.Measure(stream));

        Assert.Equal("The connection broke.", fault.Message);
    }

    [Fact]
    public void A_fault_while_libvips_reads_is_thrown_unchanged()
    {
        byte[] block = [0xFF, 0xE2, 0xF0, 0x00, .. new byte[0xF000 - 2]];
        var jpeg = TestImages.Jpeg();
        using var stream = new ForwardStream([.. jpeg[..2], .. block, .. jpeg[2..]], breaksAt: 20_000);

        Assert.Throws<IOException>(() => _thumbnailer.Measure(stream));
    }

    [Fact]
    public void A_stream_is_measured_from_its_position()
    {
        using var stream = new MemoryStream([.. new byte[100], .. TestImages.Tiff(30, 20)]) { Position = 100 };

        var size = _thumbnailer.Measure(stream);

        Assert.Equal((30, 20), (size.Width, size.Height));
    }

    [Theory]
    [InlineData(40_000, 24_999)]
    [InlineData(40_000, 25_000)]
    [InlineData(1_000_000, 999)]
    public void A_size_up_to_the_limit_is_accepted(int width, int height)
    {
        var size = Measure(TestPng.HeaderOnly(width, height));

        Assert.Equal((width, height), (size.Width, size.Height));
    }

    [Theory]
    [InlineData(40_000, 25_001)]
    [InlineData(1_000_001, 1)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void A_size_over_the_limit_is_refused(int width, int height)
    {
        var refusal = Assert.Throws<RefusedException>(() => Measure(TestPng.HeaderOnly(width, height)));

        Assert.Equal(ErrorCode.TooLarge.Name, refusal.Code.Name);
        Assert.Contains("1000 megapixels", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>The major brand is another one; AVIF is the second.</summary>
    [Fact]
    public void An_avif_by_its_second_brand_is_an_avif()
    {
        var avif = TestImages.Avif(230, 110);
        "mif1"u8.CopyTo(avif.AsSpan(8));

        Assert.Equal(new ImageSize(230, 110, Orientation: 1, ImageFormat.Avif), Measure(avif));
        Assert.Equal(100, _thumbnailer.Make(avif, [new ThumbnailSpec(100, 100)], TestContext.Current.CancellationToken)[0].Width);
    }

    [Theory]
    [InlineData(24, 3)]
    [InlineData(24, 32)]
    [InlineData(25, 1)]
    [InlineData(25, 5)]
    [InlineData(26, 1)]
    [InlineData(27, 1)]
    [InlineData(28, 2)]
    public void A_png_of_an_invalid_kind_is_not_an_image(int place, byte value)
    {
        var png = TestPng.HeaderOnly(32, 32);
        Assert.Equal(32, Measure(png).Width);

        png[place] = value;
        TestPng.Chunk("IHDR", png[16..29]).CopyTo(png, 8);

        Assert.Throws<RefusedException>(() => Measure(png));
    }

    [Fact]
    public void A_png_with_text_before_its_header_is_not_an_image()
    {
        var png = TestImages.Png(32, 32);
        byte[] odd = [.. png[..8], .. TestPng.Chunk("tEXt", [.. "a\0b"u8]), .. png[8..]];

        Assert.Throws<RefusedException>(() => Measure(odd));
        Assert.Throws<RefusedException>(
            () => _thumbnailer.Make(odd, [new ThumbnailSpec(10, 10)], TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_webp_with_wrong_chunk_lengths_is_measured_or_refused()
    {
        var webP = TestImages.WebP(40, 30, orientation: 6);
        webP.AsSpan(34, 4).Fill(0xFF);

        Assert.Equal((40, 30, 1), (Measure(webP).Width, Measure(webP).Height, Measure(webP).Orientation));
    }

    [Theory]
    [InlineData(640, 480)]
    [InlineData(1_024, 768)]
    public void A_gifs_size_is_its_canvas_whatever_its_frames_are(int width, int height)
    {
        var gif = TestImages.Gif(10, 8);
        BitConverter.TryWriteBytes(gif.AsSpan(6), (ushort)width);
        BitConverter.TryWriteBytes(gif.AsSpan(8), (ushort)height);

        var size = Measure(gif);

        Assert.Equal((width, height), (size.Width, size.Height));
    }

    private ImageSize Measure(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return _thumbnailer.Measure(stream);
    }
}
