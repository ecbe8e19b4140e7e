using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Tests.Imaging.Operations;

public sealed class ColourTests
{
    [Theory]
    [InlineData("#000000", 0, 0, 0)]
    [InlineData("#12aBfF", 0x12, 0xAB, 0xFF)]
    public void A_colour_is_a_hash_and_six_digits(string text, byte red, byte green, byte blue)
    {
        Assert.True(Colour.TryParse(text, out var colour));
        Assert.Equal(new Colour(red, green, blue), colour);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("white")]
    [InlineData("#fff")]
    [InlineData("112233")]
    [InlineData("#11223g")]
    [InlineData("# 12345")]
    [InlineData("#1122334")]
    public void Other_text_is_not_a_colour(string? text)
    {
        Assert.False(Colour.TryParse(text, out _));
    }
}
