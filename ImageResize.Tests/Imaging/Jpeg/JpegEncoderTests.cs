using ImageResize.Core.Imaging.Jpeg;
using ImageResize.Core.Imaging.Jpeg.Encoding;
using ImageResize.Core.Imaging.Jpeg.Scaling;
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
    public void A_written_file_is_as_good_as_one_that_libvips_writes(int width, int height, bool isGray, int quality)
    {
        using var picture = Image.NewFromBuffer(JpegTestImages.Jpeg(width, height, quality: 100, isGray: isGray));

        var ours = new JpegEncoder().Encode(PlanesOf(picture), quality);
        var theirs = picture.JpegsaveBuffer(q: quality, subsampleMode: Enums.ForeignSubsample.On, keep: Enums.ForeignKeep.None);

        using var decoded = Image.NewFromBuffer(ours, failOn: Enums.FailOn.Warning);
        using var reference = Image.NewFromBuffer(theirs);
        Assert.Equal((picture.Width, picture.Height, picture.Bands), (decoded.Width, decoded.Height, decoded.Bands));
        Assert.InRange(JpegTestImages.Psnr(picture, decoded), JpegTestImages.Psnr(picture, reference) - 0.3, double.MaxValue);
        Assert.InRange(ours.Length, 1, (theirs.Length * 1.03) + 16);
    }

    [Fact]
    public void An_image_before_does_not_change_the_next_file()
    {
        var planes = new ThumbnailPlanes();
        planes.Prepare(40, 30, isColor: true);
        planes.Luma.Values.Fill(77);
        var kept = new JpegEncoder();

        var first = kept.Encode(planes, 80);
        kept.Encode(planes, 20);

        Assert.Equal(first, kept.Encode(planes, 80));
    }

    /// <summary>Averages four pixels for each chroma value. Edge pixels are repeated where there are fewer.</summary>
    private static ThumbnailPlanes PlanesOf(Image picture)
    {
        var planes = new ThumbnailPlanes();
        planes.Prepare(picture.Width, picture.Height, isColor: picture.Bands == 3);
        if (!planes.IsColor)
        {
            Fill(planes.Luma, picture - 128);
            return planes;
        }

        var (red, green, blue) = (picture[0], picture[1], picture[2]);
        var (width, height) = (2 * planes.Cb.Width, 2 * planes.Cb.Height);
        Fill(planes.Luma, (0.299 * red) + (0.587 * green) + (0.114 * blue) - 128);
        Fill(planes.Cb, Halved((-0.168736 * red) - (0.331264 * green) + (0.5 * blue)));
        Fill(planes.Cr, Halved((0.5 * red) - (0.418688 * green) - (0.081312 * blue)));
        return planes;

        Image Halved(Image whole) => whole.Embed(0, 0, width, height, extend: Enums.Extend.Copy).Shrink(2, 2);
    }

    private static void Fill(ThumbnailPlane plane, Image values) =>
        values.Cast(Enums.BandFormat.Float).WriteToMemory<float>().CopyTo(plane.Values);
}
