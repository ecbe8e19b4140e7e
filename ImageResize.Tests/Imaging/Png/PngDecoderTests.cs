using System.IO.Compression;
using ImageResize.Core.Imaging.Png.Chunks;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Imaging.Png;

public sealed class PngDecoderTests
{
    private const int Width = 301;
    private const int Height = 200;

    public static TheoryData<byte> AllColors => [.. Enum.GetValues<PngColorType>().Select(colors => (byte)colors)];

    [Theory]
    [MemberData(nameof(AllColors))]
    public void Every_pixel_is_that_of_libvips_at_every_width_with_every_filter(byte colors)
    {
        for (var width = 1; width <= 70; width++)
        {
            for (var filter = 0; filter <= PngSamples.AnyFilter; filter++)
            {
                var png = PngSamples.Make((PngColorType)colors, width, height: 6, filter, seed: width);

                Assert.True(
                    PngPixels.DecodeWithLibvips(png).AsSpan().SequenceEqual(PngPixels.Decode(png)), $"{width} pixels, filter {filter}");
            }
        }
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression, 1)]
    [InlineData(CompressionLevel.NoCompression, 70_000)]
    [InlineData(CompressionLevel.Fastest, 100)]
    [InlineData(CompressionLevel.Optimal, 1)]
    [InlineData(CompressionLevel.Optimal, 8_192)]
    [InlineData(CompressionLevel.SmallestSize, int.MaxValue)]
    public void Data_in_chunks_of_any_length_is_decompressed(CompressionLevel level, int chunkLength)
    {
        var rows = PngSamples.MakeRows(PngColorType.Rgb, Width, Height, PngSamples.AnyFilter, new Random(1));

        var png = PngSamples.Write(PngColorType.Rgb, Width, Height, PngSamples.Compress(rows, level), chunkLength);

        Assert.Equal(PngPixels.DecodeWithLibvips(png), PngPixels.Decode(png));
    }

    [Fact]
    public void Patterns_of_any_length_are_repeated()
    {
        for (var length = 1; length <= 300; length += length < 40 ? 1 : 13)
        {
            var pattern = new byte[length];
            new Random(length).NextBytes(pattern);
            var rows = new byte[Height * (1 + Width)];
            for (var at = 0; at < rows.Length; at++)
            {
                rows[at] = at % (1 + Width) == 0 ? (byte)0 : pattern[at % length];
            }

            var png = PngSamples.Write(PngColorType.Gray, Width, Height, PngSamples.Compress(rows, CompressionLevel.Optimal), 8_192);

            Assert.Equal(PngPixels.DecodeWithLibvips(png), PngPixels.Decode(png));
        }
    }

    [Fact]
    public void Codes_of_few_symbols_and_rows_longer_than_the_window_are_read()
    {
        const int Long = 50_000;
        var rows = new byte[4 * (1 + (4 * Long))];

        var png = PngSamples.Write(PngColorType.Rgba, Long, 4, PngSamples.Compress(rows, CompressionLevel.SmallestSize), 8_192);

        Assert.Equal(PngPixels.DecodeWithLibvips(png), PngPixels.Decode(png));
    }

    [Fact]
    public void Data_that_is_too_long_too_short_or_damaged_is_left_to_libvips()
    {
        var rows = PngSamples.MakeRows(PngColorType.Rgb, Width, Height, PngSamples.AnyFilter, new Random(1));
        var data = PngSamples.Compress(rows, CompressionLevel.Optimal);
        byte[] wrongFilter = [5, .. rows[1..]];
        byte[] wrongChecksum = [.. data[..^1], (byte)(data[^1] + 1)];

        Assert.NotNull(Decode(data));
        Assert.Null(Decode(PngSamples.Compress([.. rows, 0], CompressionLevel.Optimal)));
        Assert.Null(Decode(PngSamples.Compress(rows[..^1], CompressionLevel.Optimal)));
        Assert.Null(Decode(PngSamples.Compress(wrongFilter, CompressionLevel.Optimal)));
        Assert.Null(Decode(wrongChecksum));
        Assert.Null(Decode([.. data, 0]));
        Assert.Null(Decode(data[..^4]));
        Assert.Null(Decode(data[..(data.Length / 2)]));
        Assert.Null(Decode([]));

        static byte[]? Decode(byte[] data) => PngPixels.Decode(PngSamples.Write(PngColorType.Rgb, Width, Height, data, 8_192));
    }

    [Fact]
    public void Files_that_end_early_or_have_a_wrong_checksum_anywhere_are_left_to_libvips()
    {
        var png = PngSamples.Make(PngColorType.Palette, 40, 30, PngSamples.AnyFilter);

        for (var at = 0; at < png.Length; at++)
        {
            var flipped = png.ToArray();
            flipped[at] ^= 16;

            Assert.Null(PngPixels.Decode(png.AsSpan(0, at)));
            Assert.Null(PngPixels.Decode(flipped));
        }
    }

    [Fact]
    public void Data_that_expands_a_thousandfold_is_not_decompressed_beyond_the_image()
    {
        var bomb = PngSamples.Compress(new byte[500_000_000], CompressionLevel.Optimal);
        var png = PngSamples.Write(PngColorType.Gray, 1_000, 1_000, bomb, int.MaxValue);
        PngPixels.Decode(PngSamples.Make(PngColorType.Gray, 10, 10, 0));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var pixels = PngPixels.Decode(png);

        // The pixels themselves are a megabyte, which the test collects in a stream that doubles.
        Assert.Null(pixels);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    [Theory]
    [InlineData("iCCP")]
    [InlineData("acTL")]
    [InlineData("ABCD")]
    [InlineData("tRNS")]
    public void Chunks_that_matter_and_are_not_supported_are_left_to_libvips(string name)
    {
        var png = PngSamples.Make(PngColorType.Rgb, 10, 10, 0);

        Assert.Null(PngPixels.Decode(TestPng.With(png, TestPng.Chunk(name, new byte[6]))));
        Assert.NotNull(PngPixels.Decode(TestPng.With(png, TestPng.Chunk("pHYs", new byte[9]), TestPng.Chunk("abCd", new byte[6]))));
    }

    [Fact]
    public void Interlaced_images_and_those_of_other_depths_are_left_to_libvips()
    {
        using var image = TestImages.Noise(20, 20);
        using var gray = image.ExtractBand(0);

        Assert.Null(PngPixels.Decode(image.PngsaveBuffer(interlace: true)));
        Assert.Null(PngPixels.Decode(image.PngsaveBuffer(bitdepth: 16)));
        Assert.Null(PngPixels.Decode(gray.PngsaveBuffer(bitdepth: 4)));
    }
}
