using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Formats.Tiff;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;
using NetVips;

namespace ImageResize.Tests.Imaging.Formats.Tiff;

/// <summary>TIFFs whose directory has invalid values that no pixel needs.</summary>
public sealed class OddTiffTests
{
    private const int Software = 305;
    private const int ResolutionUnit = 296;
    private const int Orientation = 274;
    private const int BitOrder = 266;
    private const int Private = 60_000;
    private const int NoPlace = 0x7FFF_FFF0;

    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    [Theory]
    [InlineData(ResolutionUnit, 3, 0)]
    [InlineData(ResolutionUnit, 3, 4)]
    [InlineData(Orientation, 3, 0)]
    [InlineData(Orientation, 3, 9)]
    [InlineData(BitOrder, 3, 0)]
    [InlineData(Private, 0, 0)]
    [InlineData(Private, 200, 0)]
    public void Invalid_data_that_no_pixel_needs_is_ignored(int tag, int type, int value)
    {
        foreach (var isTiled in (bool[])[false, true])
        {
            AssertMadeAlike(isTiled, tiff => TestTiff.With(tiff, tag, type, value: value));
        }
    }

    [Fact]
    public void The_next_page_may_be_missing() =>
        AssertMadeAlike(isTiled: false, tiff => TestTiff.With(tiff, Software, type: 2, count: 4, next: NoPlace));

    [Fact]
    public void Missing_pixels_are_damage_whatever_else_is_wrong()
    {
        var tiff = TestTiff.With(TestTiff.With(Quarters(isTiled: false), ResolutionUnit), TiffTag.StripLengths, type: 4, value: 100);

        Assert.Equal(ErrorCode.Damaged.Name, Assert.Throws<RefusedException>(() => Make(tiff)).Code.Name);
    }

    private static byte[] Quarters(bool isTiled)
    {
        using var picture = TestImages.Quarters(100, 80);
        return picture.TiffsaveBuffer(
            compression: Enums.ForeignTiffCompression.Deflate, tile: isTiled, tileWidth: 64, tileHeight: 64);
    }

    private void AssertMadeAlike(bool isTiled, Func<byte[], byte[]> change)
    {
        var tiff = Quarters(isTiled);

        Assert.Equal(Make(tiff), Make(change(tiff)));
    }

    private byte[] Make(byte[] tiff) => _thumbnailer
        .Make(tiff, [new ThumbnailSpec(50, 50) { Format = ImageFormat.Png }], TestContext.Current.CancellationToken)[0].Bytes.ToArray();
}
