using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Imaging.Samples;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Imaging.Formats.Tiff;

/// <summary>Alpha, masks and spot inks after the colours, in each kind of number.</summary>
public sealed class TiffSamplesTests
{
    /// <summary>Colours are rounded when they are multiplied by an alpha of a half, and when they are divided again.</summary>
    private const int Rounding = 4;

    private const int Grey = 1;
    private const int Rgb = 2;
    private const int Palette = 3;
    private const int Inks = 5;

    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    public static TheoryData<string, double> Kinds => new()
    {
        { nameof(RawTiff.Byte), 255 },
        { nameof(RawTiff.Short), 65_535 },
        { nameof(RawTiff.Long), 4_294_967_295 },
    };

    public static TheoryData<string> Fractions => [nameof(RawTiff.Half), nameof(RawTiff.Float)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_mask_before_the_alpha_is_dropped(string kind, double white)
    {
        var pixel = Decode(Of(Rgb, kind).Write([white, 0.5 * white, 0.25 * white, 0, 0.5 * white], [0, 2]));

        AssertNear([255, 127, 64, 127], pixel);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Colours_are_divided_by_an_associated_alpha_that_is_not_last(string kind, double white)
    {
        var pixel = Decode(Of(Rgb, kind).Write([0.5 * white, 0.25 * white, 0.125 * white, 0.5 * white, 0], [1, 0]));

        AssertNear([255, 127, 64, 127], pixel);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Grey_with_masks_stays_grey(string kind, double white)
    {
        var tiff = Of(Grey, kind);

        AssertNear([127], Decode(tiff.Write([0.5 * white, white], [0])));
        AssertNear([127, 64], Decode(tiff.Write([0.5 * white, white, 0.25 * white], [0, 2])));
        AssertNear([127, 127], Decode(tiff.Write([0.25 * white, 0.5 * white, white], [1, 0])));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_spot_ink_is_not_transparency(string kind, double white)
    {
        var tiff = Of(Inks, kind);
        var plain = Decode(tiff.Write([0, white, white, 0], []));

        AssertNear(plain, Decode(tiff.Write([0, white, white, 0, 0.5 * white], [0])));
        AssertNear([.. plain, 127], Decode(tiff.Write([0, white, white, 0, white, 0.5 * white], [0, 2])));
    }

    [Fact]
    public void A_palette_can_have_an_alpha_and_masks()
    {
        var tiff = Of(Palette, nameof(RawTiff.Byte));

        AssertNear([64], Decode(tiff.Write([64, 127], [0])));
        AssertNear([64, 127], Decode(tiff.Write([64, 127], [1])));
        AssertNear([64, 127], Decode(tiff.Write([64, 255, 127], [0, 2])));
    }

    [Theory]
    [MemberData(nameof(Fractions))]
    public void Floating_point_samples_are_scaled_from_0_to_1(string kind)
    {
        AssertNear([64], Decode(Of(Grey, kind, numberFormat: 3).Write([0.25], [])));
        AssertNear([191], Decode(Of(photometric: 0, kind, numberFormat: 3).Write([0.25], [])));
        AssertNear([64, 127], Decode(Of(Grey, kind, numberFormat: 3).Write([0.25, 0, 0.5], [0, 2])));
        AssertNear([127, 127], Decode(Of(Grey, kind, numberFormat: 3).Write([0.25, 0.5], [1])));
        AssertNear([188, 255, 0, 127], Decode(Of(Rgb, kind, numberFormat: 3).Write([0.5, 1, 0, 0, 0.5], [0, 2])));
    }

    [Theory]
    [InlineData(-32_768, 0)]
    [InlineData(-1, 127)]
    [InlineData(100, 100)]
    public void Negative_samples_are_black(int value, int expected)
    {
        AssertNear([expected], Decode(Of(Grey, nameof(RawTiff.Signed), numberFormat: 2).Write([value], [])));
        AssertNear([255 - expected], Decode(Of(photometric: 0, nameof(RawTiff.Signed), numberFormat: 2).Write([value], [])));
    }

    private static RawTiff Of(int photometric, string kind, int numberFormat = 1) => new(
        photometric,
        kind switch
        {
            nameof(RawTiff.Byte) => RawTiff.Byte,
            nameof(RawTiff.Short) => RawTiff.Short,
            nameof(RawTiff.Long) => RawTiff.Long,
            nameof(RawTiff.Signed) => RawTiff.Signed,
            nameof(RawTiff.Half) => RawTiff.Half,
            _ => RawTiff.Float,
        },
        numberFormat);

    private static void AssertNear(int[] expected, int[] actual) => Assert.True(
        expected.Length == actual.Length && expected.Zip(actual).All(pair => Math.Abs(pair.First - pair.Second) <= Rounding),
        $"Expected {string.Join(", ", expected)}, but it is {string.Join(", ", actual)}.");

    private int[] Decode(byte[] tiff)
    {
        var spec = new ThumbnailSpec(20, 20) { Format = ImageFormat.Png };
        using var picture = Picture.Of(_thumbnailer.Make(tiff, [spec], TestContext.Current.CancellationToken)[0]);
        return picture.At(5, 5);
    }
}
