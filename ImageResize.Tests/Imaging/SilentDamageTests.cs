using System.Buffers.Binary;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Imaging.Jpeg;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;
using NetVips;

namespace ImageResize.Tests.Imaging;

/// <summary>Damage that decoders do not report, and leave a part of the image grey or black.</summary>
public sealed class SilentDamageTests
{
    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    [Theory]
    [InlineData(320, false)]
    [InlineData(320, true)]
    [InlineData(1_600, false)]
    [InlineData(1_600, true)]
    public void A_jpeg_that_declares_more_lines_than_it_has_is_damaged(int width, bool progressive)
    {
        var jpeg = JpegTestImages.Jpeg(width, 400, progressive: progressive);
        var frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, progressive ? (byte)0xC2 : (byte)0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), 800);

        Assert.Equal(ErrorCode.Damaged.Name, Code(jpeg));
    }

    [Theory]
    [InlineData(320)]
    [InlineData(1_600)]
    public void A_jpeg_with_a_marker_within_its_pixels_is_damaged(int width)
    {
        var jpeg = JpegTestImages.Jpeg(width, 400);
        jpeg.AsSpan(jpeg.Length / 2, 20).Fill(0xFF);

        Assert.Equal(ErrorCode.Damaged.Name, Code(jpeg));
    }

    /// <summary>If the rest were scanned again from each of its million end markers, it would take minutes of processor time.</summary>
    [Fact]
    public void A_jpeg_with_many_end_markers_and_extra_bytes_is_scanned_once()
    {
        var jpeg = JpegTestImages.Jpeg(320, 200);
        var left = new byte[4_000_000];
        left[^2] = 1;
        byte[] end = [0, 0xFF, 0xD9];

        Assert.Equal(ErrorCode.Damaged.Name, Code([.. jpeg[..2], 0xFF, 0xDD, 0, 4, 0, 5, .. jpeg[2..^2], .. left, .. Enumerable.Repeat(
            end, 1_000_000).SelectMany(bytes => bytes)]));
    }

    [Theory]
    [InlineData(320)]
    [InlineData(1_600)]
    public void Extra_bytes_between_the_segments_of_a_jpeg_are_ignored(int width)
    {
        var jpeg = JpegTestImages.Jpeg(width, 400);
        var second = 4 + BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(4));
        byte[] odd = [.. jpeg[..second], 1, 2, 3, .. jpeg[second..]];

        Assert.Null(Code(odd));
    }

    /// <summary>The decoder expects a restart marker and skips all pixels after the first few.</summary>
    [Theory]
    [InlineData(203)]
    [InlineData(1_600)]
    public void A_jpeg_that_declares_restarts_and_has_none_is_damaged(int width)
    {
        var jpeg = JpegTestImages.Jpeg(width, 131);

        Assert.Equal(ErrorCode.Damaged.Name, Code([.. jpeg[..2], 0xFF, 0xDD, 0, 4, 0, 5, .. jpeg[2..]]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_jpeg_with_padding_before_its_end_is_complete(bool progressive)
    {
        var jpeg = JpegTestImages.Jpeg(203, 131, progressive: progressive);

        Assert.Null(Code([.. jpeg[..^2], .. new byte[10_000], .. jpeg[^2..]]));
        Assert.Null(Code([.. jpeg[..^2], 1, 2, 3, .. jpeg[^2..]]));
    }

    /// <summary>
    /// The warnings of libvips are global: a valid image, a damaged one, and one of another format are decoded at once.
    /// </summary>
    [Fact]
    public void A_warning_about_one_image_does_not_affect_another()
    {
        var jpeg = JpegTestImages.Jpeg(320, 400);
        var second = 4 + BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(4));
        var png = TestImages.Png(200, 200);
        (byte[] Picture, string? Code)[] pictures =
        [
            ([.. jpeg[..second], 1, 2, 3, .. jpeg[second..]], null),
            (jpeg[..^1_000], ErrorCode.Damaged.Name),
            (png[..^100], ErrorCode.Damaged.Name),
        ];

        Parallel.For(0, 600, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
            Assert.Equal((i, pictures[i % 3].Code), (i, Code(pictures[i % 3].Picture))));
    }

    /// <summary>A thumbnail this small needs only the DC scans, and they are complete.</summary>
    [Fact]
    public void Damage_in_parts_that_a_thumbnail_does_not_need_is_ignored()
    {
        var whole = JpegTestImages.Jpeg(1_600, 1_200, progressive: true);
        var harmed = whole.ToArray();
        harmed[^(whole.Length / 10)] ^= 0x08;

        Assert.Equal(Make(whole).Bytes.ToArray(), Make(harmed).Bytes.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_tiff_whose_last_tiles_are_cut_off_is_damaged(bool isBig)
    {
        using var picture = TestImages.Quarters(400, 300);
        var tiff = picture.TiffsaveBuffer(tile: true, tileWidth: 64, tileHeight: 64, bigtiff: isBig);
        var cut = CutTiles(tiff, isBig);

        Assert.Null(Code(tiff));
        Assert.Equal(ErrorCode.Damaged.Name, Code(cut));
    }

    /// <summary>The directory is before the pixels, unlike in files of libvips, and the file ends within the pixels.</summary>
    private static byte[] CutTiles(byte[] tiff, bool isBig)
    {
        var cut = tiff.ToArray();
        var at = isBig ? (int)BinaryPrimitives.ReadUInt64LittleEndian(tiff.AsSpan(8))
            : (int)BinaryPrimitives.ReadUInt32LittleEndian(tiff.AsSpan(4));
        var (count, first, length) = isBig
            ? ((int)BinaryPrimitives.ReadUInt64LittleEndian(tiff.AsSpan(at)), at + 8, 20)
            : (BinaryPrimitives.ReadUInt16LittleEndian(tiff.AsSpan(at)), at + 2, 12);
        var entry = Enumerable.Range(0, count)
            .Select(i => first + (i * length))
            .Single(place => BinaryPrimitives.ReadUInt16LittleEndian(tiff.AsSpan(place)) == 324);
        var offsets = isBig
            ? (int)BinaryPrimitives.ReadUInt64LittleEndian(tiff.AsSpan(entry + 12))
            : (int)BinaryPrimitives.ReadUInt32LittleEndian(tiff.AsSpan(entry + 8));
        BinaryPrimitives.WriteUInt32LittleEndian(cut.AsSpan(offsets + ((isBig ? 8 : 4) * 20)), (uint)tiff.Length - 100);

        return cut;
    }

    private string? Code(byte[] source) => (Record.Exception(() => Make(source)) as RefusedException)?.Code.Name;

    private Thumbnail Make(byte[] source) =>
        _thumbnailer.Make(source, [new ThumbnailSpec(100, 100)], TestContext.Current.CancellationToken).Single();
}
