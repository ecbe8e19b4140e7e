using System.Text;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;
using NetVips;

namespace ImageResize.Tests.Imaging.Formats;

public sealed class RefusedFormatTests
{
    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    [Trait("Abuse", "14")]
    [Theory]
    [InlineData("SVG", "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>")]
    [InlineData("SVG", "<?xml version='1.0'?>\n<!-- hello -->\n<svg/>")]
    [InlineData("PDF", "%PDF-1.7 and so on")]
    [InlineData("PostScript", "%!PS-Adobe-3.0")]
    [InlineData("HEIC", "\0\0\0\u0018ftypheic\0\0\0\0mif1heic")]
    [InlineData("HEIC", "\0\0\0\u0018ftypheic\0\0\0\0mif1avif\0\0\0\u0014metahvc1")]
    [InlineData("HEIF", "\0\0\0\u0014ftypmif1\0\0\0\0mif1")]
    [InlineData("video", "\0\0\0\u0014ftypisom\0\0\0\0mp42")]
    [InlineData("JPEG XL", "\u00ff\u000a\u00fa\u001f")]
    [InlineData("JPEG XL", "\0\0\0\u000cJXL \r\n\u0087\n")]
    [InlineData("JPEG 2000", "\0\0\0\u000cjP  \r\n\u0087\n")]
    [InlineData("JPEG 2000", "\u00ff\u004f\u00ff\u0051\0")]
    [InlineData("ICO", "\0\0\u0001\0\u0001\0")]
    [InlineData("CUR", "\0\0\u0002\0\u0001\0")]
    [InlineData("SGI", "\u0001\u00da\u0001\u0001\0\u0003")]
    [InlineData("PCX", "\u000a\u0003\u0001\u0008")]
    [InlineData("PSD", "8BPS\0\u0001")]
    [InlineData("PAM", "P7\nWIDTH 10\n")]
    [InlineData("PFM", "PF\n10 10\n-1.0\n")]
    [InlineData("PFM", "Pf\n10 10\n-1.0\n")]
    [InlineData("Radiance HDR", "#?RADIANCE\n")]
    [InlineData("OpenEXR", "\u0076\u002f\u0031\u0001")]
    [InlineData("FITS", "SIMPLE  =                    T")]
    [InlineData("compressed (perhaps SVGZ)", "\u001f\u008b\u0008\0")]
    public void A_known_format_that_is_not_read_is_refused_by_its_name(string name, string start)
    {
        var refusal = Refusal(Encoding.Latin1.GetBytes(start));

        Assert.Equal(
            (ErrorCode.UnsupportedFormat.Name,
             $"The image is {name}, a format that is not read here. JPEG, PNG, GIF, WebP, AVIF, TIFF, BMP, TGA and PNM are."),
            (refusal.Code.Name, refusal.Message));
    }

    [Fact]
    public void An_svg_in_another_encoding_is_still_an_svg()
    {
        var refusal = Refusal(Encoding.Unicode.GetBytes("\uFEFF<svg width='10' height='10'/>"));

        Assert.Contains("SVG", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_is_refused_with_a_code_of_its_own()
    {
        var refusal = Refusal([]);

        Assert.Equal(
            (ErrorCode.SourceEmpty, "The given image path is not a valid image format"),
            (refusal.Code, refusal.Message));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("BM is how this sentence begins, and it is no picture.")]
    [InlineData("<html><body><svg/></body></html>")]
    [InlineData("{\"error\":\"not found\"}")]
    [InlineData("3 2\n1 2 3\n4 5 6\n")]
    [InlineData("1,2,3\n4,5,6\n")]
    [InlineData("\0\0\u0001\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    [InlineData("PK\u0003\u0004")]
    [InlineData("RIFF\u0016\0\0\0WEBPVP8 \u000a\0\0\0\u0011\0\0\u009d\u0001\u002a\u0008\0\u0008\0")]
    [InlineData("\u00ff\u00d8\u00ff")]
    [InlineData("RIFF\0\0\0\0WEBP")]
    [InlineData("GIF89a\0")]
    public void Data_that_is_not_an_image_is_refused_with_the_original_message(string content)
    {
        var refusal = Refusal(Encoding.Latin1.GetBytes(content));

        Assert.Equal(
            (ErrorCode.NotAnImage.Name, "The given image path is not a valid image format"),
            (refusal.Code.Name, refusal.Message));
    }

    [Trait("Abuse", "14")]
    [Theory]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>")]
    [InlineData("3 2\n1 2 3\n4 5 6\n")]
    [InlineData("1,2,3\n4,5,6\n")]
    public void Libvips_has_no_other_loaders(string content)
    {
        Refusal([]);
        _thumbnailer.Make(TestImages.Png(), [new ThumbnailSpec(10, 10)], TestContext.Current.CancellationToken);

        Assert.Throws<VipsException>(() => Image.NewFromBuffer(Encoding.UTF8.GetBytes(content)));
    }

    /// <summary>Measuring and thumbnails must refuse alike.</summary>
    private RefusedException Refusal(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        var measured = Assert.Throws<RefusedException>(() => _thumbnailer.Measure(stream));
        var made = Assert.Throws<RefusedException>(
            () => _thumbnailer.Make(bytes, [new ThumbnailSpec(100, 100)], TestContext.Current.CancellationToken));

        Assert.Equal((measured.Code, measured.Message), (made.Code, made.Message));
        return made;
    }
}
