using ImageResize.Core.Imaging.Jpeg;
using ImageResize.Core.Imaging.Jpeg.Frames;
using NetVips;

namespace ImageResize.Tests.Imaging.Jpeg;

public sealed class JpegDecoderTests
{
    public static TheoryData<int, int, bool, bool, int> Variants => new()
    {
        { 320, 200, false, false, 0 },
        { 320, 200, true, false, 0 },
        { 320, 200, false, true, 0 },
        { 320, 200, false, false, 3 },
        { 320, 200, true, false, 7 },
        { 333, 217, false, false, 0 },
        { 321, 199, true, false, 1 },
        { 8, 8, false, false, 0 },
        { 15, 9, false, false, 0 },
        { 64, 8, true, false, 0 },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_gray_image_at_an_eighth_equals_libjpegs_exactly(int width, int height, bool progressive, bool optimise, int restarts)
    {
        var file = JpegTestImages.Jpeg(
            width, height, isGray: true, progressive: progressive, optimise: optimise, restartInterval: restarts);

        Assert.Equal(AtAnEighth(file), Decode(file, Plane));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_color_image_at_an_eighth_equals_libjpegs_exactly(int width, int height, bool progressive, bool optimise, int restarts)
    {
        var file = JpegTestImages.Jpeg(
            width, height, progressive: progressive, optimise: optimise, restartInterval: restarts,
            subsample: Enums.ForeignSubsample.Off);

        Assert.Equal(AtAnEighth(file), Decode(file, Rgb));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Subsampled_chroma_does_not_change_luma(int width, int height, bool progressive, bool optimise, int restarts)
    {
        var whole = JpegTestImages.Jpeg(width, height, subsample: Enums.ForeignSubsample.Off);
        var file = JpegTestImages.Jpeg(width, height, progressive: progressive, optimise: optimise, restartInterval: restarts);

        Assert.Equal(Decode(whole, Plane), Decode(file, Plane));
    }

    [Theory]
    [InlineData("non-interleaved.jpg")]
    [InlineData("rgb-by-adobe.jpg")]
    [InlineData("long-codes.jpg")]
    public void A_rare_kind_of_file_equals_libjpegs_exactly(string name)
    {
        var file = JpegTestImages.Fixture(name);

        Assert.Equal(AtAnEighth(file), Decode(file, Rgb));
    }

    /// <summary>The same coefficients in another order, at scales for which different numbers of them are kept.</summary>
    [Theory]
    [InlineData(2, 320, 200, false, 0)]
    [InlineData(4, 320, 200, false, 0)]
    [InlineData(8, 320, 200, false, 0)]
    [InlineData(2, 333, 217, true, 0)]
    [InlineData(4, 321, 199, false, 5)]
    [InlineData(8, 15, 9, false, 1)]
    [InlineData(8, 333, 217, false, 3)]
    public void A_progressive_file_equals_a_sequential_one(int scale, int width, int height, bool isGray, int restarts)
    {
        var sequential = JpegTestImages.Jpeg(width, height, isGray: isGray, quality: 92);
        var progressive = JpegTestImages.Jpeg(
            width, height, isGray: isGray, quality: 92, progressive: true, restartInterval: restarts);

        Assert.Equal(Planes(sequential, scale), Planes(progressive, scale));
    }

    private static byte[] Planes(byte[] file, int scale)
    {
        var decoder = new JpegDecoder();
        Assert.True(decoder.TryReadHeader(file), "The header is supported.");
        Assert.True(decoder.TryDecode(file, [scale, scale, scale], TestContext.Current.CancellationToken), "The scans are valid.");
        var planes = new List<byte>();
        foreach (var component in decoder.Frame.Components)
        {
            for (var row = 0; row < component.Height; row++)
            {
                planes.AddRange(component.Samples.Slice(row * component.Stride, component.Width));
            }
        }

        return [.. planes];
    }

    /// <summary>libvips omits a last row or column that the image does not fill.</summary>
    private static byte[] AtAnEighth(byte[] file)
    {
        using var image = Image.JpegloadBuffer(file, shrink: 8);
        return image.WriteToMemory<byte>();
    }

    private static byte[] Decode(byte[] file, Func<JpegDecoder, byte[]> read)
    {
        var decoder = new JpegDecoder();
        Assert.True(decoder.TryReadHeader(file), "The header is supported.");
        Assert.True(decoder.TryDecode(file, [1, 1, 1], TestContext.Current.CancellationToken), "The scans are valid.");
        return read(decoder);
    }

    private static byte[] Plane(JpegDecoder decoder) => Plane(decoder, decoder.Frame.Components[0]);

    private static byte[] Plane(JpegDecoder decoder, JpegComponent component) =>
    [
        .. Enumerable.Range(0, decoder.Frame.Height / 8)
            .SelectMany(row => component.Samples.Slice(row * component.Stride, decoder.Frame.Width / 8).ToArray()),
    ];

    private static byte[] Rgb(JpegDecoder decoder)
    {
        var components = decoder.Frame.Components;
        var planes = Plane(decoder, components[0]).Zip(Plane(decoder, components[1]), Plane(decoder, components[2]));
        return
        [
            .. planes.SelectMany(pixel =>
                decoder.IsRgb ? [pixel.First, pixel.Second, pixel.Third] : Rgb(pixel.First, pixel.Second, pixel.Third)),
        ];
    }

    /// <summary>As JFIF defines it and rounded as libjpeg does.</summary>
    private static byte[] Rgb(int y, int cb, int cr)
    {
        const int Bits = 16;
        const int Half = 1 << (Bits - 1);
        (cb, cr) = (cb - 128, cr - 128);
        int[] rgb =
        [
            y + (((91_881 * cr) + Half) >> Bits),
            y + ((Half - (22_554 * cb) - (46_802 * cr)) >> Bits),
            y + (((116_130 * cb) + Half) >> Bits),
        ];
        return [.. rgb.Select(value => (byte)Math.Clamp(value, 0, 255))];
    }
}
