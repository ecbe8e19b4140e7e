using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;
using NetVips;

namespace ImageResize.Tests.Imaging.Jpeg;

/// <summary>JPEGs that end before their last marker, and one that declares its height there.</summary>
public sealed class JpegEndTests
{
    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    [Theory]
    [InlineData(false, 40)]
    [InlineData(true, 40)]
    [InlineData(false, 300)]
    [InlineData(true, 300)]
    public void A_jpeg_with_all_its_pixels_needs_no_end(bool progressive, int side)
    {
        var jpeg = Noise(progressive);
        var whole = Make(jpeg, side);

        foreach (var missing in (int[])[1, 2])
        {
            var thumbnail = Make(jpeg[..^missing], side);

            AssertSame(whole, thumbnail);
        }
    }

    [Theory]
    [InlineData(false, 40)]
    [InlineData(true, 40)]
    [InlineData(false, 300)]
    [InlineData(true, 300)]
    public void A_jpeg_without_its_last_pixels_is_damaged(bool progressive, int side)
    {
        var refusal = Assert.Throws<RefusedException>(() => Make(Noise(progressive)[..^50], side));

        Assert.Equal(ErrorCode.Damaged, refusal.Code);
    }

    [Fact]
    public void A_progressive_jpeg_that_is_cut_between_two_scans_is_damaged()
    {
        var jpeg = Noise(progressive: true);
        var cut = jpeg[..jpeg.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA])];

        var refusal = Assert.Throws<RefusedException>(() => Make(cut, 300));

        Assert.Equal(ErrorCode.Damaged, refusal.Code);
    }

    [Fact]
    public void A_jpeg_that_declares_its_height_late_is_refused_by_name()
    {
        var jpeg = TestImages.Jpeg();
        var frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        (jpeg[frame + 5], jpeg[frame + 6]) = (0, 0);

        foreach (var way in (Func<object>[])[() => Make(jpeg, 40), () => _thumbnailer.Measure(new MemoryStream(jpeg))])
        {
            var refusal = Assert.Throws<RefusedException>(way);
            Assert.Equal(ErrorCode.UnsupportedFormat, refusal.Code);
            Assert.Contains("DNL", refusal.Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Noise(bool progressive)
    {
        using var image = TestImages.Noise(320, 240);
        return image.JpegsaveBuffer(q: 90, interlace: progressive);
    }

    /// <summary>The fast path makes one of them and libvips the other, so they may differ a little.</summary>
    private static void AssertSame(byte[] expected, byte[] actual)
    {
        using var left = Image.NewFromBuffer(expected);
        using var right = Image.NewFromBuffer(actual);
        using var difference = (left - right).Abs();

        Assert.InRange(difference.Avg(), 0, 4);
    }

    private byte[] Make(byte[] jpeg, int side) =>
        _thumbnailer.Make(jpeg, [new ThumbnailSpec(side, side)], TestContext.Current.CancellationToken)[0].Bytes.ToArray();
}
