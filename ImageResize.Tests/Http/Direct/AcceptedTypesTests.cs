using ImageResize.Core.Imaging.Formats;
using ImageResize.Functions.Http.Requests;

namespace ImageResize.Tests.Http.Direct;

public sealed class AcceptedTypesTests
{
    [Theory]
    [InlineData("image/webp", ImageFormat.WebP)]
    [InlineData("image/webp,image/avif", ImageFormat.Avif)]
    [InlineData("image/webp;q=0.9,image/avif;q=0.4", ImageFormat.WebP)]
    [InlineData("image/avif;q=0,image/webp;q=0.1", ImageFormat.WebP)]
    [InlineData("image/webp;q=0.5,image/jpeg", null)]
    [InlineData("image/webp;q=0.5,image/*;q=0.8,*/*", ImageFormat.WebP)]
    [InlineData("image/*", null)]
    [InlineData("", null)]
    public void The_format_with_the_highest_quality_is_chosen(string accept, ImageFormat? format) =>
        Assert.Equal(format, new AcceptedTypes(accept).FindFormat());
}
