using System.Buffers.Binary;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Imaging.Jpeg;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;
using NetVips;

namespace ImageResize.Tests.Imaging;

/// <summary>Damage that decoders pass over in silence, leaving a part of the picture grey or black.</summary>
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
        var jpeg = TestPictures.Jpeg(width, 400, progressive: progressive);
        var frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, progressive ? (byte)0xC2 : (byte)0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), 800);

        Assert.Equal(ErrorCode.Damaged.Name, Code(jpeg));
    }

    [Theory]
    [InlineData(320)]
    [InlineData(1_600)]
    public void A_jpeg_with_a_marker_amid_its_pixels_is_damaged(int width)
    {
        var jpeg = TestPictures.Jpeg(width, 400);
        jpeg.AsSpan(jpeg.Length / 2, 20).Fill(0xFF);

        Assert.Equal(ErrorCode.Damaged.Name, Code(jpeg));
    }

    /// <summary>Looked at again from each of its million ends, what is left over would hold a core for minutes.</summary>
    [Fact]
    public void A_jpeg_with_much_left_over_before_many_ends_is_looked_through_once()
    {
        var jpeg = TestPictures.Jpeg(320, 200);
        var left = new byte[4_000_000];
        left[^2] = 1;
        byte[] end = [0, 0xFF, 0xD9];

        Assert.Equal(ErrorCode.Damaged.Name, Code([.. jpeg[..2], 0xFF, 0xDD, 0, 4, 0, 5, .. jpeg[2..^2], .. left, .. Enumerable.Repeat(
            end, 1_000_000).SelectMany(bytes => bytes)]));
    }

    [Theory]
    [InlineData(320)]
    [InlineData(1_600)]
    public void Junk_between_the_segments_of_a_jpeg_does_no_harm(int width)
    {
        var jpeg = TestPictures.Jpeg(width, 400);
        var second = 4 + BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(4));
        byte[] odd = [.. jpeg[..second], 1, 2, 3, .. jpeg[second..]];

        Assert.Null(Code(odd));
    }

    /// <summary>The decoder waits for a restart, passes over all pixels behind the first few, and goes on at the end.</summary>
    [Theory]
    [InlineData(203)]
    [InlineData(1_600)]
    public void A_jpeg_that_declares_restarts_and_has_none_is_damaged(int width)
    {
        var jpeg = TestPictures.Jpeg(width, 131);

        Assert.Equal(ErrorCode.Damaged.Name, Code([.. jpeg[..2], 0xFF, 0xDD, 0, 4, 0, 5, .. jpeg[2..]]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_jpeg_filled_up_before_its_end_is_whole(bool progressive)
    {
        var jpeg = TestPictures.Jpeg(203, 131, progressive: progressive);

        Assert.Null(Code([.. jpeg[..^2], .. new byte[10_000], .. jpeg[^2..]]));
        Assert.Null(Code([.. jpeg[..^2], 1, 2, 3, .. jpeg[^2..]]));
    }

    /// <summary>
    /// libvips has one place for what it says of all pictures: of one that is whole, one that is damaged, and a third of another format.
    /// </summary>
    [Fact]
    public void What_is_said_of_one_picture_decides_of_no_other()
    {
        var jpeg = TestPictures.Jpeg(320, 400);
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

    /// <summary>Every pixel of so small a thumbnail comes of the DC scans alone, and those are whole.</summary>
    [Fact]
    public void Damage_in_what_a_thumbnail_is_not_made_of_does_not_refuse_it()
    {
        var whole = TestPictures.Jpeg(1_600, 1_200, progressive: true);
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

    /// <summary>libvips writes the directory behind the pixels: here it comes first, and the file ends amid the pixels.</summary>
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
