using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Imaging.Samples;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Imaging.Formats.Tiff;

/// <summary>Camera raw files begin with a small preview that any TIFF decoder reads.</summary>
public sealed class CameraRawTests
{
    private const int PageKind = 254;
    private const int Photometric = 262;
    private const int Compression = 259;
    private const int SubDirectories = 330;
    private const int DngVersion = 50706;

    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    public static TheoryData<string, (int, int)[]> Raws => new()
    {
        { "raw", [(PageKind, 1), (SubDirectories, 8)] },
        { "DNG", [(DngVersion, 0x00000401)] },
        { "raw", [(Photometric, 32803)] },
        { "raw", [(Photometric, 34892)] },
        { "raw", [(Compression, 34713)] },
    };

    [Theory]
    [MemberData(nameof(Raws))]
    public void A_camera_raw_is_refused_by_name(string name, (int, int)[] tags)
    {
        AssertRefused(new RawTiff(2, RawTiff.Byte).Write([1, 2, 3], [], tags), name);
    }

    [Theory]
    [InlineData("CR2", "II*\0\x10\0\0\0CR\x02\0")]
    [InlineData("IIQ", "II*\0\x10\0\0\0IIII")]
    [InlineData("ORF", "IIRO\b\0\0\0")]
    [InlineData("ORF", "MMOR\0\0\0\b")]
    [InlineData("RW2", "IIU\0\b\0\0\0")]
    [InlineData("RAF", "FUJIFILMCCD-RAW 0201")]
    public void A_camera_raw_is_recognized_by_its_first_bytes(string name, string start)
    {
        AssertRefused([.. start.Select(letter => (byte)letter), .. new byte[200]], name);
    }

    [Fact]
    public void A_tiff_with_smaller_sizes_is_not_a_camera_raw()
    {
        var tiff = new RawTiff(2, RawTiff.Byte).Write([1, 2, 3], [], (PageKind, 0), (SubDirectories, 8));

        Assert.Equal(40, _thumbnailer.Measure(new MemoryStream(tiff)).Width);
    }

    private void AssertRefused(byte[] file, string name)
    {
        Func<object>[] ways =
        [
            () => _thumbnailer.Measure(new MemoryStream(file)),
            () => _thumbnailer.Measure(new ForwardStream(file)),
            () => _thumbnailer.Make(file, [new ThumbnailSpec(20, 20)], TestContext.Current.CancellationToken),
        ];
        foreach (var way in ways)
        {
            var refusal = Assert.Throws<RefusedException>(way);
            Assert.Equal(ErrorCode.UnsupportedFormat, refusal.Code);
            Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
        }
    }
}
