using ImageResize.Core.Imaging.Jpeg;

namespace ImageResize.Tests.Imaging.Jpeg;

public sealed class ShrinkOnLoadTests
{
    /// <summary>640 pixels are 80 blocks.</summary>
    [Theory]
    [InlineData(40, 1)]
    [InlineData(41, 2)]
    [InlineData(103, 2)]
    [InlineData(104, 4)]
    [InlineData(207, 8)]
    public void A_gray_thumbnail_needs_two_means_per_pixel_or_more_smaller_ones(int width, int scale)
    {
        var decoder = new JpegDecoder();
        Assert.True(decoder.TryReadHeader(JpegTestImages.Jpeg(640, 400, isGray: true)), "The header is supported.");

        int[] scales = [1];
        Assert.True(ShrinkOnLoad.TryRaise(scales, decoder.Frame, isRgb: false, width, width * 400 / 640), "There are enough samples.");

        Assert.Equal([scale], scales);
    }
}
