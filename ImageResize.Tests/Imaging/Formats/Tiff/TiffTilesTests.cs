using System.Buffers.Binary;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats.Tiff;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;
using NetVips;

namespace ImageResize.Tests.Imaging.Formats.Tiff;

/// <summary>Tiles and strips of a TIFF that cannot be read: libvips makes many of them black or grey without a warning.</summary>
public sealed class TiffTilesTests
{
    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    public static TheoryData<Enums.ForeignTiffCompression, bool> Tiled =>
    [
        .. from compression in (Enums.ForeignTiffCompression[])
           [
               Enums.ForeignTiffCompression.Lzw,
               Enums.ForeignTiffCompression.Deflate,
               Enums.ForeignTiffCompression.Packbits,
               Enums.ForeignTiffCompression.Jpeg,
           ]
           from isBig in (bool[])[false, true]
           select (compression, isBig),
    ];

    [Theory]
    [MemberData(nameof(Tiled))]
    public void A_tile_that_lacks_pixels_is_damage(Enums.ForeignTiffCompression compression, bool isBig)
    {
        var tiff = Tiff(compression, isTiled: true, isBig);

        Assert.Null(Refusal(tiff));
        Assert.Equal(ErrorCode.Damaged.Name, Refusal(WithHalf(tiff, TiffTag.TileLengths))?.Code.Name);
    }

    [Theory]
    [InlineData(Enums.ForeignTiffCompression.Lzw)]
    [InlineData(Enums.ForeignTiffCompression.Deflate)]
    [InlineData(Enums.ForeignTiffCompression.Packbits)]
    [InlineData(Enums.ForeignTiffCompression.Jpeg)]
    public void A_strip_that_lacks_pixels_is_damage(Enums.ForeignTiffCompression compression)
    {
        var tiff = Tiff(compression, isTiled: false);

        Assert.Null(Refusal(tiff));
        Assert.Equal(ErrorCode.Damaged.Name, Refusal(WithHalf(tiff, TiffTag.StripLengths))?.Code.Name);
    }

    /// <summary>Strips of libvips are 128 lines high.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(129)]
    [InlineData(132)]
    [InlineData(256)]
    public void A_short_last_strip_is_complete(int height)
    {
        using var picture = TestImages.Noise(300, height);

        Assert.Null(Refusal(picture.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Jpeg)));
        Assert.Null(
            Refusal(picture.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Jpeg, tile: true, tileWidth: 16, tileHeight: 16)));
    }

    /// <summary>A few bytes can declare billions of pixels, which cost gigabytes before the first is decoded.</summary>
    [Fact]
    public void A_jpeg_that_is_larger_than_any_tile_is_not_decoded()
    {
        using var picture = TestImages.Noise(300, 100);
        using var large = Image.Black(5_000, 5_000);
        var tiff = picture.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Jpeg);
        var jpeg = large.JpegsaveBuffer();
        byte[] both = [.. tiff, .. jpeg];
        SetLong(both, TiffTag.StripOffsets, tiff.Length);
        SetLong(both, TiffTag.StripLengths, jpeg.Length);

        TiffJpeg.Check(tiff, TestContext.Current.CancellationToken);
        Assert.Equal(
            ErrorCode.Damaged.Name,
            Assert.Throws<RefusedException>(() => TiffJpeg.Check(both, TestContext.Current.CancellationToken)).Code.Name);
    }

    [Fact]
    public void An_empty_tile_is_ignored()
    {
        var tiff = Tiff(Enums.ForeignTiffCompression.Deflate, isTiled: true);
        var offsets = (int)Entry(tiff, TiffTag.TileOffsets, 8);
        var lengths = (int)Entry(tiff, TiffTag.TileLengths, 8);
        tiff.AsSpan(offsets + 20, 4).Clear();
        tiff.AsSpan(lengths + 20, 4).Clear();

        Assert.Null(Refusal(tiff));
    }

    [Fact]
    public void Tiles_beyond_the_image_are_not_read()
    {
        var tiff = Tiff(Enums.ForeignTiffCompression.Deflate, isTiled: true);
        var needed = TiffDirectory.Read(tiff, TiffTag.TileOffsets).Count;

        Assert.Equal(TiffDirectory.Read(TiffTiles.FindStrips(tiff), TiffTag.Height), [(ulong)(64 * needed)]);

        Set(tiff, TiffTag.Height, 64);
        Assert.Equal(TiffDirectory.Read(TiffTiles.FindStrips(tiff), TiffTag.Height), [64UL * 5]);
    }

    [Theory]
    [InlineData(50000, true, "a TIFF compressed by Zstandard")]
    [InlineData(50000, false, "a TIFF compressed by Zstandard")]
    [InlineData(34925, true, "a TIFF compressed by LZMA")]
    [InlineData(34712, true, "a TIFF compressed by JPEG 2000")]
    [InlineData(6, false, "a TIFF compressed by JPEG's old way")]
    [InlineData(12345, false, "a TIFF compressed by method 12345")]
    public void A_compression_that_is_not_read_is_named(int compression, bool isTiled, string name)
    {
        var tiff = Tiff(Enums.ForeignTiffCompression.Deflate, isTiled);
        Set(tiff, TiffTag.Compression, compression);

        AssertUnsupported(tiff, name);
    }

    [Fact]
    public void Tiles_of_one_colour_each_are_named()
    {
        var tiff = Tiff(Enums.ForeignTiffCompression.None, isTiled: true);
        Set(tiff, TiffTag.Planes, 2);

        AssertUnsupported(tiff, "a TIFF with separate tiles for each colour");
    }

    /// <summary>Measuring reads only the header, and refuses it too.</summary>
    [Fact]
    public void Bits_that_make_no_whole_bytes_are_named()
    {
        using var black = Image.Black(40, 30);
        var tiff = black.TiffsaveBuffer();
        Set(tiff, 258, 12);

        AssertUnsupported(tiff, "a TIFF with an unusual number of bits a channel");
        using var stream = new MemoryStream(tiff);
        Assert.Equal(Refusal(tiff)!.Message, Assert.Throws<RefusedException>(() => _thumbnailer.Measure(stream)).Message);
    }

    private void AssertUnsupported(byte[] tiff, string name)
    {
        var refusal = Refusal(tiff);

        Assert.Equal(
            (ErrorCode.UnsupportedFormat.Name,
                $"The image is {name}, a format that is not read here. JPEG, PNG, GIF, WebP, AVIF, TIFF, BMP, TGA and PNM are."),
            (refusal?.Code.Name, refusal?.Message));
    }

    private static byte[] Tiff(Enums.ForeignTiffCompression compression, bool isTiled, bool isBig = false)
    {
        using var picture = TestImages.Noise(300, 200);
        return picture.TiffsaveBuffer(compression: compression, tile: isTiled, tileWidth: 64, tileHeight: 64, bigtiff: isBig);
    }

    /// <summary>The first tile or strip is declared half as long.</summary>
    private static byte[] WithHalf(byte[] tiff, int lengthsTag)
    {
        var layout = TiffLayout.Of(tiff);
        var at = TiffDirectory.Read(tiff, lengthsTag).Count == 1
            ? EntryAt(tiff, lengthsTag) + 4 + layout.Word
            : (int)Entry(tiff, lengthsTag, 4 + layout.Word);
        var half = TiffDirectory.Read(tiff, lengthsTag)[0] / 2;
        if (layout.Number(tiff.AsSpan(EntryAt(tiff, lengthsTag) + 2), 2) == 3)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(tiff.AsSpan(at), (ushort)half);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(tiff.AsSpan(at), (uint)half);
        }

        return tiff;
    }

    private static void Set(byte[] tiff, int tag, int value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(tiff.AsSpan(EntryAt(tiff, tag) + 8), (ushort)value);

    private static void SetLong(byte[] tiff, int tag, int value)
    {
        var entry = tiff.AsSpan(EntryAt(tiff, tag));
        BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], 4);
        BinaryPrimitives.WriteInt32LittleEndian(entry[8..], value);
    }

    private static ulong Entry(byte[] tiff, int tag, int at) => TiffLayout.Of(tiff).Number(tiff.AsSpan(EntryAt(tiff, tag) + at), 4);

    private static int EntryAt(byte[] tiff, int tag)
    {
        var layout = TiffLayout.Of(tiff);
        var entries = TiffDirectory.FindEntries(tiff, layout);
        var first = (int)layout.Number(tiff.AsSpan(layout.DirectoryAt), layout.Word) + layout.CountLength;
        for (var at = 0; at < entries.Length; at += layout.EntryLength)
        {
            if ((int)layout.Number(entries[at..], 2) == tag)
            {
                return first + at;
            }
        }

        throw new ArgumentException($"No tag {tag}.");
    }

    private RefusedException? Refusal(byte[] tiff) =>
        Record.Exception(
            () => _thumbnailer.Make(tiff, [new ThumbnailSpec(100, 100)], TestContext.Current.CancellationToken)) as RefusedException;
}
