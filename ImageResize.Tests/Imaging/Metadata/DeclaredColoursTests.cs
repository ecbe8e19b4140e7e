using System.Buffers.Binary;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Metadata;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Imaging.Samples;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;
using NetVips;

namespace ImageResize.Tests.Imaging.Metadata;

/// <summary>Colours that a profile, code points or a gamma describe.</summary>
public sealed class DeclaredColoursTests
{
    private const int P3 = 12;
    private const int Bt2020 = 9;
    private const int SrgbCurve = 13;
    private const int Linear = 8;
    private const int Pq = 16;
    private const int Hlg = 18;

    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    public static TheoryData<ImageFormat> GreyFormats => [ImageFormat.Jpeg, ImageFormat.Png, ImageFormat.Tiff];

    [Theory]
    [MemberData(nameof(GreyFormats))]
    public void Grey_with_a_profile_becomes_grey_of_srgb(ImageFormat format)
    {
        foreach (var gamma in (double[])[1, 1.75])
        {
            var source = WithProfile(Plain([128]), gamma, format);

            using var picture = Picture.Of(Make(source, new ThumbnailSpec(20, 20)));

            Assert.Equal(1, picture.Bands);
            AssertNear([ToSrgb(Math.Pow(128 / 255.0, gamma))], picture.At(10, 10));
        }
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg, true)]
    [InlineData(ImageFormat.Png, true)]
    [InlineData(ImageFormat.WebP, false)]
    [InlineData(ImageFormat.Avif, false)]
    public void A_grey_profile_is_kept_where_the_output_has_grey(ImageFormat output, bool isKept)
    {
        var source = WithProfile(Plain([128]), 1, ImageFormat.Png);

        using var picture = Picture.Of(Make(source, new ThumbnailSpec(20, 20) { Format = output, Keep = KeptMetadata.ColourProfile }));

        Assert.Equal(isKept, picture.Fields.Contains("icc-profile-data"));
        AssertNear([isKept ? 128 : ToSrgb(128 / 255.0)], [picture.At(10, 10)[0]]);
    }

    [Fact]
    public void Grey_with_transparency_and_a_profile_is_converted_with_its_alpha()
    {
        using var picture = Picture.Of(Make(WithProfile(Plain([128, 100]), 1, ImageFormat.Png), new ThumbnailSpec(20, 20)));

        AssertNear([ToSrgb(128 / 255.0), 100], picture.At(10, 10));
    }

    [Theory]
    [InlineData(P3, SrgbCurve, 200, 100, 50, 215, 93, 31)]
    [InlineData(1, SrgbCurve, 200, 100, 50, 200, 100, 50)]
    [InlineData(1, Linear, 200, 100, 50, 229, 168, 122)]
    [InlineData(Bt2020, SrgbCurve, 200, 100, 50, 241, 76, 29)]
    [InlineData(1, 1, 200, 100, 50, 200, 100, 50)]
    [InlineData(1, 6, 200, 100, 50, 200, 100, 50)]
    [InlineData(Bt2020, 14, 200, 100, 50, 241, 76, 29)]
    [InlineData(Bt2020, 15, 200, 100, 50, 241, 76, 29)]
    public void Code_points_are_converted(int primaries, int transfer, int red, int green, int blue, int toRed, int toGreen, int toBlue)
    {
        using var image = Plain([red, green, blue]);
        var png = TestPng.With(image.PngsaveBuffer(), TestPng.Chunk("cICP", [(byte)primaries, (byte)transfer, 0, 1]));
        var avif = WithCodes(image.HeifsaveBuffer(lossless: true, compression: Enums.ForeignHeifCompression.Av1), primaries, transfer);
        var avifWithoutNclx = TestAvif.WithCodesInData(
            image.HeifsaveBuffer(q: 100, compression: Enums.ForeignHeifCompression.Av1), primaries, transfer);

        foreach (var source in (byte[][])[png, avif, avifWithoutNclx])
        {
            using var picture = Picture.Of(Make(source, new ThumbnailSpec(20, 20) { Format = ImageFormat.Png }));
            AssertNear([toRed, toGreen, toBlue], picture.At(10, 10), tolerance: 2);
        }
    }

    [Theory]
    [InlineData(Pq, "PQ")]
    [InlineData(Hlg, "HLG")]
    [InlineData(9, "logarithmic")]
    public void High_dynamic_range_is_refused_by_name(int transfer, string name)
    {
        using var image = Plain([200, 100, 50]);
        var png = TestPng.With(image.PngsaveBuffer(), TestPng.Chunk("cICP", [Bt2020, (byte)transfer, 0, 1]));
        var avif = WithCodes(image.HeifsaveBuffer(lossless: true, compression: Enums.ForeignHeifCompression.Av1), Bt2020, transfer);

        foreach (var source in (byte[][])[png, avif])
        {
            var refusal = Assert.Throws<RefusedException>(() => Make(source, new ThumbnailSpec(20, 20)));
            Assert.Equal(ErrorCode.UnsupportedFormat, refusal.Code);
            Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(100_000, 188)]
    [InlineData(45_455, 128)]
    [InlineData(55_556, 146)]
    [InlineData(0, 128)]
    public void A_gamma_is_converted_in_colour_and_in_grey(int gamma, int expected)
    {
        foreach (var channels in (int[][])[[128], [128, 128, 128]])
        {
            using var image = Plain(channels);
            var png = TestPng.With(image.PngsaveBuffer(), TestPng.Chunk("gAMA", Big(gamma)));

            using var picture = Picture.Of(Make(png, new ThumbnailSpec(20, 20)));

            AssertNear([.. channels.Select(_ => expected)], picture.At(10, 10));
        }
    }

    [Fact]
    public void Primaries_of_a_png_are_converted()
    {
        using var image = Plain([200, 100, 50]);
        byte[] p3 = [.. ((int[])[31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000]).SelectMany(Big)];
        var png = TestPng.With(image.PngsaveBuffer(), TestPng.Chunk("gAMA", Big(45_455)), TestPng.Chunk("cHRM", p3));

        using var picture = Picture.Of(Make(png, new ThumbnailSpec(20, 20)));

        AssertNear([215, 93, 31], picture.At(10, 10), tolerance: 2);
    }

    [Fact]
    public void A_gamma_beside_srgb_does_not_count()
    {
        using var image = Plain([128]);
        var png = TestPng.With(image.PngsaveBuffer(), TestPng.Chunk("gAMA", Big(100_000)), TestPng.Chunk("sRGB", [0]));

        using var picture = Picture.Of(Make(png, new ThumbnailSpec(20, 20)));

        Assert.Equal([128], picture.At(10, 10));
    }

    [Fact]
    public void A_kept_profile_describes_the_colours_that_code_points_described()
    {
        using var image = Plain([200, 100, 50]);
        var png = TestPng.With(image.PngsaveBuffer(), TestPng.Chunk("cICP", [P3, SrgbCurve, 0, 1]));

        using var picture = Picture.Of(Make(png, new ThumbnailSpec(20, 20) { Keep = KeptMetadata.ColourProfile }));

        Assert.Equal([200, 100, 50], picture.At(10, 10));
        Assert.True(IccProfile.IsRgb((byte[])picture.Get("icc-profile-data")));
    }

    [Fact]
    public void Colours_of_an_avif_are_divided_by_their_alpha_if_they_are_multiplied_by_it()
    {
        using var image = Plain([100, 50, 25, 128]);
        var avif = image.HeifsaveBuffer(lossless: true, compression: Enums.ForeignHeifCompression.Av1);

        using var plain = Picture.Of(Make(avif, new ThumbnailSpec(20, 20) { Format = ImageFormat.Png }));
        using var divided = Picture.Of(Make(TestAvif.Premultiplied(avif), new ThumbnailSpec(20, 20) { Format = ImageFormat.Png }));

        AssertNear([100, 50, 25, 128], plain.At(10, 10), tolerance: 2);
        AssertNear([199, 100, 50, 128], divided.At(10, 10), tolerance: 2);
    }

    private static byte[] WithCodes(byte[] avif, int primaries, int transfer)
    {
        var at = avif.AsSpan().IndexOf("colrnclx"u8) + 8;
        BinaryPrimitives.WriteUInt16BigEndian(avif.AsSpan(at), (ushort)primaries);
        BinaryPrimitives.WriteUInt16BigEndian(avif.AsSpan(at + 2), (ushort)transfer);
        return avif;
    }

    private static byte[] WithProfile(Image image, double gamma, ImageFormat format)
    {
        var profile = IccProfileWriter.Write(new DeclaredColours(Chromaticities.Srgb, gamma), isGrey: true)!;
        using var described = image.Mutate(copy => copy.Set(GValue.BlobType, "icc-profile-data", profile));
        return format switch
        {
            ImageFormat.Jpeg => described.JpegsaveBuffer(q: 100, keep: Enums.ForeignKeep.Icc),
            ImageFormat.Png => described.PngsaveBuffer(keep: Enums.ForeignKeep.Icc),
            _ => described.TiffsaveBuffer(keep: Enums.ForeignKeep.Icc),
        };
    }

    private static Image Plain(int[] channels)
    {
        using var black = Image.Black(64, 64, bands: channels.Length);
        using var plain = black.Linear([.. channels.Select(_ => 1.0)], [.. channels.Select(channel => (double)channel)], uchar: true);
        return plain.Copy(interpretation: channels.Length < 3 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
    }

    private static int ToSrgb(double light) =>
        (int)Math.Round(255 * (light <= 0.0031308 ? 12.92 * light : (1.055 * Math.Pow(light, 1 / 2.4)) - 0.055));

    private static byte[] Big(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static void AssertNear(int[] expected, int[] actual, int tolerance = 1) => Assert.True(
        expected.Length == actual.Length && expected.Zip(actual).All(pair => Math.Abs(pair.First - pair.Second) <= tolerance),
        $"Expected {string.Join(", ", expected)}, but it is {string.Join(", ", actual)}.");

    private Thumbnail Make(byte[] source, ThumbnailSpec spec) =>
        _thumbnailer.Make(source, [spec], TestContext.Current.CancellationToken)[0];
}
