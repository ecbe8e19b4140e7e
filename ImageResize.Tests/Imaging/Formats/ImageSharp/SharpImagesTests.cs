using ImageResize.Core.Imaging.Formats.ImageSharp;
using ImageResize.Tests.Support;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;

namespace ImageResize.Tests.Imaging.Formats.ImageSharp;

/// <summary>ImageSharp reads ten formats; an image must reach none but those that are used.</summary>
public sealed class SharpImagesTests
{
    [Fact]
    public void Only_the_formats_in_use_are_registered()
    {
        var names = SharpImages.Configuration.ImageFormats.Select(format => format.Name).Order();

        Assert.Equal(["BMP", "TGA"], names);
    }

    [Fact]
    public void Other_formats_are_unknown_to_it()
    {
        Assert.All(
            [TestImages.Png(), TestImages.Jpeg(), TestImages.Gif(), TestImages.WebP(), TestImages.Tiff(), TestImages.Pnm()],
            image => Assert.Throws<UnknownImageFormatException>(() => Image.Load(SharpImages.Configuration, image)));
    }

    [Fact]
    public void An_allocation_above_the_limit_is_refused()
    {
        var failure = Record.Exception(() => new Image<Rgba32>(SharpImages.Configuration, 65_535, 65_535).Dispose());

        Assert.IsType<InvalidMemoryOperationException>(failure);
    }

    [Fact]
    public void It_is_the_version_that_needs_no_paid_license()
    {
        Assert.Equal(2, typeof(Image).Assembly.GetName().Version!.Major);
    }
}
