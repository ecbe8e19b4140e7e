using System.Buffers.Binary;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Imaging.Jpeg;
using ImageResize.Tests.Imaging.Samples;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;
using NetVips;

namespace ImageResize.Tests.Imaging.Operations;

/// <summary>Orientations in unusual types. Measuring and thumbnails must treat them alike.</summary>
public sealed class OrientationTests
{
    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    [Theory]
    [InlineData(3, 1, 42)]
    [InlineData(4, 1, 42)]
    [InlineData(1, 1, 42)]
    [InlineData(2, 2, 42)]
    [InlineData(3, 0, 42)]
    [InlineData(3, 2, 42)]
    [InlineData(3, 1, 43)]
    public void Small_and_large_jpegs_are_turned_as_they_are_measured(int type, int count, int magic)
    {
        foreach (var (width, height) in ((int, int)[])[(200, 130), (2_000, 1_300)])
        {
            var jpeg = JpegTestImages.Jpeg(width, height);
            byte[] exif = [.. "Exif\0\0"u8, .. Exif(type, count, magic)];
            byte[] turned = [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];

            AssertTurnedAsMeasured(turned);
        }
    }

    [Fact]
    public void A_png_is_turned_as_it_is_measured()
    {
        byte[] headed = [.. "Exif\0\0"u8, .. Exif(3, 1, 42)];
        var png = TestImages.Png(200, 130);

        AssertTurnedAsMeasured(TestPng.With(png, TestPng.Chunk("eXIf", Exif(3, 1, 42))));
        AssertTurnedAsMeasured(TestPng.With(png, TestPng.Chunk("eXIf", headed)));
        AssertTurnedAsMeasured(TestPng.With(png, TestPng.Chunk("eXIf", Exif(3, 1, 42)), TestPng.Chunk("eXIf", Exif(3, 1, 42, turn: 3))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(9)]
    public void An_orientation_is_a_whole_number_of_any_type(int type)
    {
        var exif = Exif(type, 1, 42);
        byte[] headed = [.. "Exif\0\0"u8, .. exif];
        using var small = TestImages.Quarters(200, 130);
        using var large = TestImages.Quarters(2_000, 1_300);
        byte[] WithExif(byte[] jpeg) => [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(headed.Length + 2), .. headed, .. jpeg[2..]];
        byte[][] sources =
        [
            WithExif(small.JpegsaveBuffer(keep: Enums.ForeignKeep.None)),
            WithExif(large.JpegsaveBuffer(keep: Enums.ForeignKeep.None)),
            TestPng.With(small.PngsaveBuffer(keep: Enums.ForeignKeep.None), TestPng.Chunk("eXIf", exif)),
            TestWebP.With(TestImages.WebP(200, 130), exif),
        ];

        foreach (var source in sources)
        {
            Assert.Equal(6, _thumbnailer.Measure(new MemoryStream(source)).Orientation);
            AssertTurnedAsMeasured(source);
        }
    }

    private static byte[] Exif(int type, int count, int magic, int turn = 6)
    {
        var block = new byte[26];
        "II"u8.CopyTo(block);
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(2), (ushort)magic);
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(4), 8);
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(8), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(10), 0x0112);
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(12), (ushort)type);
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(14), count);
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(18), turn);
        return block;
    }

    private void AssertTurnedAsMeasured(byte[] source)
    {
        var size = _thumbnailer.Measure(new MemoryStream(source));
        var thumbnail = _thumbnailer.Make(source, [new ThumbnailSpec(100, 100)], TestContext.Current.CancellationToken).Single();

        Assert.Equal(size.Orientation >= 5 ? (65, 100) : (100, 65), (thumbnail.Width, thumbnail.Height));
    }
}
