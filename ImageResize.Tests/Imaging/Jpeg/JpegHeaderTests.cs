using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Jpeg;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;
using NetVips;

namespace ImageResize.Tests.Imaging.Jpeg;

/// <summary>The fast path reads the same size and orientation from a header as libvips, or leaves the file to libvips.</summary>
public sealed class JpegHeaderTests
{
    private static readonly Dictionary<string, Func<byte[]>> Files = new(JpegTestImages.Samplings)
    {
        ["progressive"] = () => JpegTestImages.Jpeg(progressive: true),
        ["optimised, restarts"] = () => JpegTestImages.Jpeg(optimise: true, restartInterval: 3),
        ["sRGB, turned"] = () => JpegTestImages.Jpeg(201, 333, orientation: 6, profile: "srgb"),
        ["not interleaved"] = () => JpegTestImages.Fixture("non-interleaved.jpg"),
        ["long codes"] = () => JpegTestImages.Fixture("long-codes.jpg"),
    };

    public static TheoryData<string> Names => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_valid_header_is_read_as_libvips_reads_it(string name)
    {
        var file = Files[name]();

        Assert.Equal(FindByLibvips(file), Find(file));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_damaged_header_is_read_as_libvips_reads_it_or_not_at_all(string name)
    {
        var file = Files[name]();
        var random = new Random(11);
        var header = file.AsSpan().IndexOf(new byte[] { 0xFF, 0xDA });
        var read = 0;
        for (var input = 0; input < 400; input++)
        {
            var damaged = file.ToArray();
            damaged[random.Next(2, header)] = (byte)random.Next(256);
            if (Find(damaged) is { } size)
            {
                read++;
                Assert.Equal(FindByLibvips(damaged), size);
            }
        }

        // If none were read, nothing would be compared.
        Assert.InRange(read, 1, 399);
    }

    [Fact]
    public void A_header_longer_than_the_prefix_is_left_to_libvips()
    {
        var file = JpegTestImages.Jpeg(201, 333, orientation: 6);
        byte[] longer = [.. file[..2], 0xFF, 0xEF, 0x50, 0x00, .. new byte[0x5000 - 2], .. file[2..]];

        Assert.Null(Find(longer));
        Assert.Equal(
            new ImageSize(201, 333, 6, ImageFormat.Jpeg),
            new Thumbnailer(Options.Create(new ImagingOptions())).Measure(new ForwardStream(longer, atOnce: 100)));
    }

    private static JpegHeader? Find(byte[] file) =>
        JpegHeader.Find(file.AsSpan(0, Math.Min(file.Length, ImageFormats.PrefixLength)));

    private static JpegHeader? FindByLibvips(byte[] file)
    {
        try
        {
            using var image = Image.JpegloadBuffer(file);
            return new JpegHeader(image.Width, image.Height, image.Contains("orientation") ? (int)image.Get("orientation") : 1);
        }
        catch (VipsException)
        {
            return null;
        }
    }
}
