using System.Text;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Imaging.Samples;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;
using static ImageResize.Tests.Imaging.Samples.TestTga;

namespace ImageResize.Tests.Imaging.Formats.Tga;

/// <summary>A TGA has no signature, and its decoder takes missing pixels for those before them.</summary>
public sealed class HostileTgaTests
{
    private static readonly byte[] Colours = [0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 255];

    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    [Theory]
    [InlineData(Direct, 24, 11)]
    [InlineData(Direct, 32, 15)]
    [InlineData(Grey, 8, 3)]
    [InlineData(Direct, 24, 0)]
    public void Pixels_that_end_too_early_are_damage(int kind, int bits, int bytes)
    {
        Assert.Equal(ErrorCode.Damaged, Refusal(TestTga.File(kind, 2, 2, bits, new byte[bytes])).Code);
    }

    [Theory]
    [InlineData(new byte[] { 0x82, 0, 0, 255 })]
    [InlineData(new byte[] { 0x83, 0, 0 })]
    [InlineData(new byte[] { 0x02, 0, 0, 255, 0, 0, 255, 0, 0, 255 })]
    [InlineData(new byte[] { 0x03, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0 })]
    [InlineData(new byte[] { })]
    public void Runs_that_end_too_early_are_damage(byte[] packets)
    {
        Assert.Equal(ErrorCode.Damaged, Refusal(TestTga.File(Direct + RunLength, 2, 2, 24, packets)).Code);
    }

    [Fact]
    public void A_run_beyond_the_last_pixel_is_damage()
    {
        Assert.Equal(ErrorCode.Damaged, Refusal(TestTga.File(Direct + RunLength, 2, 2, 24, [0x84, 0, 0, 255])).Code);
    }

    [Theory]
    [InlineData(Palette, new byte[] { 0, 1, 2, 4 })]
    [InlineData(Palette + RunLength, new byte[] { 0x82, 0, 0x80, 200 })]
    public void Colours_that_the_palette_does_not_have_are_damage(int kind, byte[] pixels)
    {
        Assert.Equal(ErrorCode.Damaged, Refusal(TestTga.File(kind, 2, 2, 8, pixels, palette: Colours)).Code);
    }

    [Theory]
    [InlineData(65_535, 65_535)]
    [InlineData(10_000, 5_001)]
    public void A_huge_image_is_refused_by_its_header(int width, int height)
    {
        Assert.Equal(ErrorCode.TooLarge, Refusal(TestTga.File(Direct + RunLength, width, height, 24, new byte[64])).Code);
    }

    [Fact]
    public void Runs_do_not_decode_to_more_than_the_header_declares()
    {
        // 4,000 bytes for 128,000 pixels.
        byte[] bomb = [.. Enumerable.Repeat<byte[]>([0xFF, 1, 2, 3], 1_000).SelectMany(packet => packet)];

        Assert.Equal((98, 78), Size(TestTga.File(Direct + RunLength, 400, 320, 24, bomb)));
        Assert.Equal(ErrorCode.Damaged, Refusal(TestTga.File(Direct + RunLength, 400, 319, 24, bomb)).Code);
    }

    [Theory]
    [InlineData("a TGA with 16 bits for each index", Palette, 16, 0, 24, 0)]
    [InlineData("a TGA with a part of a palette", Palette, 8, 0, 24, 1)]
    [InlineData("a TGA with 8 bits for each colour of its palette", Palette, 8, 0, 8, 0)]
    [InlineData("a TGA with 15 bits for each colour of its palette", Palette, 8, 0, 15, 0)]
    [InlineData("a TGA with 16 bits of grey", Grey, 16, 0, 0, 0)]
    [InlineData("a TGA with 4 bits of transparency", Direct, 32, 4, 0, 0)]
    public void Rare_kinds_are_refused_by_name(string name, int kind, int bits, int descriptor, int entryBits, int firstEntry)
    {
        var tga = TestTga.File(kind, 2, 2, bits, new byte[16], descriptor, entryBits > 0 ? new byte[12] : null, entryBits);
        tga[3] = (byte)firstEntry;

        var refusal = Refusal(tga);

        Assert.Equal(ErrorCode.UnsupportedFormat, refusal.Code);
        Assert.StartsWith($"The image is {name}, ", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)] // a palette without need
    [InlineData(1, 2)]
    [InlineData(2, 0)]
    [InlineData(2, 4)]
    [InlineData(2, 12)]
    [InlineData(2, 32)]
    [InlineData(3, 1)]
    [InlineData(6, 1)]
    [InlineData(7, 24)]
    [InlineData(12, 0)] // no width
    [InlineData(14, 0)] // no height
    [InlineData(16, 0)]
    [InlineData(16, 1)]
    [InlineData(16, 23)]
    [InlineData(17, 0x40)] // interleaved
    [InlineData(17, 9)]
    public void A_header_field_that_no_writer_uses_is_no_tga(int at, byte value)
    {
        var tga = TestTga.File(Direct, 2, 2, 24, new byte[12]);
        Assert.Equal((2, 2), Size(tga));

        tga[at] = value;

        Assert.Equal(ErrorCode.NotAnImage, Refusal(tga).Code);
    }

    [Theory]
    [InlineData("\0\0\u0002\0\u0006\u0004\u0006\0\u0008\0\0\0\0\0\0\0\0\0\0\0")] // Lotus 1-2-3
    [InlineData("\0\u0001\0\0\0\u000f\0\u0080\0\u0003\0\u0070OS/2\0\0\0\0")] // a TrueType font
    [InlineData("\0\u0001\0\0Standard Jet DB\0\0\0\0\0\0")]
    [InlineData("\0\0\u0001\u00ba\u0044\0\u0004\0\u0004\u0001\u0001\u0089\u00c3\u00f8\0\0\0\0")] // MPEG
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    public void Other_files_that_begin_with_zeros_are_no_tga(string content)
    {
        Assert.Equal(ErrorCode.NotAnImage, Refusal(Encoding.Latin1.GetBytes(content)).Code);
    }

    [Fact]
    public void Random_bytes_are_no_tga()
    {
        var random = new Random(11);
        var bytes = new byte[64];

        Assert.All(Enumerable.Range(0, 100_000), _ =>
        {
            random.NextBytes(bytes);
            (bytes[0], bytes[1]) = ((byte)random.Next(2), (byte)random.Next(2));
            Assert.NotEqual(ImageFormat.Tga, ImageFormats.Find(bytes));
        });
    }

    [Fact]
    public void Randomly_damaged_tgas_are_decoded_or_refused()
    {
        using var noise = TestImages.Noise(30, 20);
        var grey = noise[0].WriteToMemory<byte>();
        var packed = _thumbnailer.Make(TestImages.Tga(60, 40), [new ThumbnailSpec(60, 40)], TestContext.Current.CancellationToken)[0];
        byte[][] wholes =
        [
            TestTga.File(Grey, 30, 20, 8, grey),
            TestTga.File(Grey + RunLength, 30, 20, 8, grey),
            TestTga.File(Palette, 30, 20, 8, grey, palette: new byte[255 * 3]),
            TestTga.File(Palette + RunLength, 30, 20, 8, grey, palette: new byte[255 * 4], entryBits: 32),
            TestTga.File(Direct + RunLength, 30, 20, 32, noise.WriteToMemory<byte>(), descriptor: 0x38),
            packed.Bytes.ToArray(),
        ];
        var random = new Random(5);
        for (var i = 0; i < 3_000; i++)
        {
            var harmed = wholes[i % wholes.Length].ToArray();
            for (var flips = 0; flips < 3; flips++)
            {
                harmed[random.Next(random.Next(2) == 0 ? 60 : harmed.Length)] = (byte)random.Next(256);
            }

            var failure = Record.Exception(() => Size(harmed));

            Assert.True(failure is null or RefusedException, $"{i}: {failure}");
        }
    }

    /// <summary>Measuring and making must refuse alike, if the header is at fault.</summary>
    private RefusedException Refusal(byte[] tga)
    {
        var made = Assert.Throws<RefusedException>(() => Size(tga));
        if (made.Code != ErrorCode.Damaged && made.Code != ErrorCode.TooLarge)
        {
            var measured = Assert.Throws<RefusedException>(() => _thumbnailer.Measure(new MemoryStream(tga)));
            Assert.Equal((measured.Code, measured.Message), (made.Code, made.Message));
        }

        return made;
    }

    private (int Width, int Height) Size(byte[] tga)
    {
        var thumbnail = _thumbnailer.Make(tga, [new ThumbnailSpec(100, 78)], TestContext.Current.CancellationToken).Single();
        return (thumbnail.Width, thumbnail.Height);
    }
}
