using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.FastPath;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Jpeg;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Tests.Imaging.Jpeg;

/// <summary>The fast path makes a thumbnail only if it supports every option that is asked for.</summary>
public sealed class FastThumbnailOptionTests
{
    private static readonly ThumbnailSpec Default = new(20, 20);

    /// <summary>By property: specs with a value other than the default, and whether the fast path supports each of them.</summary>
    private static readonly Dictionary<string, (ThumbnailSpec Spec, bool IsSupported)[]> Options = new()
    {
        [nameof(ThumbnailSpec.Width)] = [(Default with { Width = 10 }, true)],
        [nameof(ThumbnailSpec.Height)] = [(Default with { Height = 10 }, true)],
        [nameof(ThumbnailSpec.Fit)] =
        [
            (Default with { Fit = Fit.Cover }, true),
            (Default with { Fit = Fit.Fill }, true),
            (Default with { Fit = (Fit)3 }, false),
        ],
        [nameof(ThumbnailSpec.Gravity)] =
        [
            (Default with { Fit = Fit.Cover, Gravity = Gravity.Attention }, false),
            (Default with { Gravity = Gravity.Attention }, true),
        ],
        [nameof(ThumbnailSpec.Format)] =
        [
            (Default with { Format = ImageFormat.Jpeg }, true),
            (Default with { Format = ImageFormat.WebP }, false),
        ],
        [nameof(ThumbnailSpec.Quality)] = [(Default with { Quality = 89 }, true), (Default with { Quality = 90 }, false)],
        [nameof(ThumbnailSpec.Background)] = [(Default with { Background = "#ff0000" }, true)],
        [nameof(ThumbnailSpec.Keep)] =
        [
            (Default with { Keep = KeptMetadata.Copyright }, false),
            (Default with { Keep = KeptMetadata.ColourProfile }, false),
        ],
        [nameof(ThumbnailSpec.Animated)] = [(Default with { Animated = true }, true)],
    };

    public static TheoryData<string> Names => [.. Options.Keys];

    [Fact]
    public void Each_property_of_a_spec_is_declared_as_supported_or_not() =>
        Assert.Equal(typeof(ThumbnailSpec).GetProperties().Select(property => property.Name).Order(), Options.Keys.Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void A_thumbnail_is_made_if_the_option_is_supported(string name)
    {
        var thumbnails = new FastThumbnails(new ImagingOptions().GetLimits(), new ImagingOptions().GetQualitySettings());
        var file = JpegTestImages.Jpeg();

        Assert.All(Options[name], option =>
        {
            Assert.NotEqual(Default, option.Spec);
            Assert.Equal(option.IsSupported, thumbnails.TryMake(file, [option.Spec], TestContext.Current.CancellationToken) is not null);
        });
    }

    [Fact]
    public void No_thumbnail_is_made_if_one_of_several_specs_has_an_unsupported_option()
    {
        var thumbnails = new FastThumbnails(new ImagingOptions().GetLimits(), new ImagingOptions().GetQualitySettings());

        var made = thumbnails.TryMake(
            JpegTestImages.Jpeg(), [Default, Default with { Keep = KeptMetadata.Copyright }], TestContext.Current.CancellationToken);

        Assert.Null(made);
    }
}
