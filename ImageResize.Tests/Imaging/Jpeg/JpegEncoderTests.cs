using ImageResize.Core.Imaging.Jpeg;
using NetVips;

namespace ImageResize.Tests.Imaging.Jpeg;

public sealed class JpegEncoderTests
{
    [Theory]
    [InlineData(100, 56, false, 80)]
    [InlineData(100, 56, true, 80)]
    [InlineData(101, 57, false, 95)]
    [InlineData(17, 1, false, 30)]
    [InlineData(1, 1, true, 100)]
    public void What_it_writes_is_as_good_as_what_libvips_writes(int width, int height, bool isGrey, int quality)
    {
        using var picture = Image.NewFromBuffer(TestPictures.Jpeg(width, height, quality: 100, isGrey: isGrey));
        using var pixels = new JpegPixels(width, height, picture.Bands);
        picture.WriteToMemory<byte>().CopyTo(pixels.Bytes.Span);

        var ours = new JpegEncoder().Encode(pixels, quality);
        var theirs = picture.JpegsaveBuffer(q: quality, subsampleMode: Enums.ForeignSubsample.On, keep: Enums.ForeignKeep.None);

        using var decoded = Image.NewFromBuffer(ours, failOn: Enums.FailOn.Warning);
        using var reference = Image.NewFromBuffer(theirs);
        Assert.Equal((picture.Width, picture.Height, picture.Bands), (decoded.Width, decoded.Height, decoded.Bands));
        Assert.InRange(TestPictures.Psnr(picture, decoded), TestPictures.Psnr(picture, reference) - 0.3, double.MaxValue);
        Assert.InRange(ours.Length, 1, (theirs.Length * 1.03) + 16);
    }

    [Fact]
    public void It_writes_the_next_picture_as_a_new_one_would()
    {
        using var pixels = new JpegPixels(40, 30, 3);
        pixels.Bytes.Span.Fill(77);
        var kept = new JpegEncoder();

        var first = kept.Encode(pixels, 80);
        kept.Encode(pixels, 20);

        Assert.Equal(first, kept.Encode(pixels, 80));
    }
}
