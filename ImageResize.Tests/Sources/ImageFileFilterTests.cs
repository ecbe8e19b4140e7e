using ImageResize.Core;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Sources;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Sources;

public sealed class ImageFileFilterTests
{
    private static readonly ImageFileFilter Filter = SourcesServiceCollectionExtensions.NewImageFileFilter();

    [Fact]
    public void Every_extension_of_a_supported_format_is_an_image() =>
        Assert.All(ImageFormats.Extensions, extension => Assert.Null(Filter.CheckName("a" + extension.ToUpperInvariant(), null)));

    [Fact]
    public void No_extension_is_both_supported_and_unsupported() =>
        Assert.Empty(ImageFormats.Extensions.Intersect(ImageFormats.UnsupportedExtensions));

    [Theory]
    [InlineData("a.jpg", "text/plain", null)]
    [InlineData("a.txt", null, "unknown_extension")]
    [InlineData("jpg", "application/octet-stream", "unknown_extension")]
    [InlineData("a.HEIC", "application/octet-stream", "unsupported_format")]
    [InlineData("a.heic", "image/heic", "unsupported_format")]
    [InlineData("a", "image/jpeg; charset=binary", null)]
    [InlineData("a.bak", "IMAGE/pjpeg", null)]
    [InlineData(".a.jpg", "image/jpeg", "hidden")]
    [InlineData("folder/._a.jpg", null, "hidden")]
    [InlineData(".folder/a.jpg", null, null)]
    public void A_file_whose_bytes_are_not_read_is_judged_by_its_name_and_content_type(string name, string? type, string? reason) =>
        Assert.Equal(reason, Filter.CheckName(name, type)?.Name);

    [Fact]
    public void A_file_whose_bytes_are_read_is_judged_by_them()
    {
        Assert.All(
            Enum.GetValues<ImageFormat>(),
            format => Assert.Null(Filter.CheckFirstBytes(TestImages.Of(format, 20, 10))));
        Assert.Equal("unsupported_format", Filter.CheckFirstBytes("%PDF-1.7"u8)?.Name);
        Assert.Equal("unsupported_format", Filter.CheckFirstBytes([.. "II*\0"u8, 16, 0, 0, 0, .. "CR\u0002\0"u8])?.Name);
        Assert.Equal("not_an_image", Filter.CheckFirstBytes("text"u8)?.Name);
        Assert.Equal("source_empty", Filter.CheckFirstBytes([])?.Name);
    }

    [Fact]
    public void The_first_bytes_are_enough_to_recognize_every_format() =>
        Assert.Equal(ImageFormats.PrefixLength, ImageFileFilter.PrefixLength);
}
