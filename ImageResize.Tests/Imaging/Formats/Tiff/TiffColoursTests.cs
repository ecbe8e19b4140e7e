using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Imaging.Samples;
using Microsoft.Extensions.Options;
using NetVips;

namespace ImageResize.Tests.Imaging.Formats.Tiff;

/// <summary>TIFFs whose samples are not 8 bits of red, green and blue, or of grey.</summary>
public sealed class TiffColoursTests
{
    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    [Theory]
    [InlineData(76, 85, 255, 254, 0, 0)]
    [InlineData(29, 255, 107, 0, 0, 254)]
    public void Brightness_and_colour_differences_become_red_green_and_blue(
        int brightness, int blue, int red, int expectedRed, int expectedGreen, int expectedBlue)
    {
        var tiff = Differences([brightness, blue, red]);

        var pixel = FirstPixel(tiff);

        Assert.Equal([expectedRed, expectedGreen, expectedBlue], pixel.Select(value => (int)value));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(7, 2)]
    public void More_channels_than_brightness_and_colour_differences_are_refused_by_name(int compression, int extraSample)
    {
        var tiff = new RawTiff(6, RawTiff.Byte).Write([76, 85, 255, 128], [extraSample], (259, compression));

        AssertUnread(tiff, "with transparency or other channels");
        Assert.Throws<RefusedException>(() => _thumbnailer.Measure(new MemoryStream(tiff)));
    }

    [Fact]
    public void Brightness_and_colour_differences_of_16_bits_are_refused_by_name()
    {
        AssertUnread(new RawTiff(6, RawTiff.Short).Write([19_500, 21_800, 65_535], []), "of more than 8 bits");
    }

    [Theory]
    [InlineData(Enums.BandFormat.Float, 0.5, 1, 127)]
    [InlineData(Enums.BandFormat.Float, 100, 255, 100)]
    [InlineData(Enums.BandFormat.Uint, 100, 255, 100)]
    [InlineData(Enums.BandFormat.Uint, 0x8000, 0xFFFF, 127)]
    [InlineData(Enums.BandFormat.Uint, 0x80000000, 0xFFFFFFFF, 127)]
    public void Large_samples_are_scaled_by_their_declared_range(Enums.BandFormat format, double value, double largest, int expected)
    {
        using var black = Image.Black(40, 30);
        using var grey = (black + value).Cast(format);
        using var white = (black + largest).Cast(format);
        using var both = grey.Join(white, Enums.Direction.Horizontal);
        using var picture = both.Copy(interpretation: Enums.Interpretation.Bw);

        var pixel = FirstPixel(picture.TiffsaveBuffer());

        Assert.InRange(pixel[0], expected - 1, expected + 1);
    }

    /// <summary>A TIFF with three samples a pixel, declared as YCbCr without subsampling.</summary>
    private static byte[] Differences(double[] pixel)
    {
        using var black = Image.Black(40, 30, bands: 3);
        using var picture = (black + pixel).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        var tiff = picture.TiffsaveBuffer();
        var directory = BitConverter.ToInt32(tiff, 4);
        var count = BitConverter.ToUInt16(tiff, directory);
        List<byte[]> entries = [.. Enumerable.Range(0, count).Select(i => tiff[(directory + 2 + (12 * i))..(directory + 14 + (12 * i))])];
        foreach (var entry in entries.Where(entry => BitConverter.ToUInt16(entry) == 262))
        {
            entry[8] = 6;
        }

        // Tag 530, two numbers of 16 bits. It is the last but for private ones, and libvips writes none here.
        entries.Add([.. BitConverter.GetBytes((ushort)530), 3, 0, 2, 0, 0, 0, 1, 0, 1, 0]);
        byte[] appended = [.. BitConverter.GetBytes((ushort)entries.Count), .. entries.SelectMany(entry => entry), 0, 0, 0, 0];

        return [.. tiff[..4], .. BitConverter.GetBytes(tiff.Length), .. tiff[8..], .. appended];
    }

    private void AssertUnread(byte[] tiff, string name)
    {
        var refusal = Assert.Throws<RefusedException>(() => FirstPixel(tiff));

        Assert.Equal(ErrorCode.UnsupportedFormat, refusal.Code);
        Assert.StartsWith($"The image is a TIFF in YCbCr colours {name}, ", refusal.Message, StringComparison.Ordinal);
    }

    private byte[] FirstPixel(byte[] tiff)
    {
        var spec = new ThumbnailSpec(20, 20) { Format = ImageFormat.Png };
        var thumbnail = _thumbnailer.Make(tiff, [spec], TestContext.Current.CancellationToken).Single();
        using var image = Image.NewFromBuffer(thumbnail.Bytes.ToArray());

        return [.. image.Getpoint(2, 2).Select(value => (byte)value)];
    }
}
