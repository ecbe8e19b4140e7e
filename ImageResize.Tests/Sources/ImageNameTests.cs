using System.Text;
using ImageResize.Core.Sources.Names;

namespace ImageResize.Tests.Sources;

public sealed class ImageNameTests
{
    [Theory]
    [InlineData("beach.jpg", "beach.jpg")]
    [InlineData("Ünïcödé 写真 🐈.jpg", "Ünïcödé 写真 🐈.jpg")]
    [InlineData("👩‍🚀.png", "👩‍🚀.png")]
    [InlineData("../../etc/passwd", "__.._etc_passwd")]
    [InlineData("C:\\Users\\me\\a.jpg", "C__Users_me_a.jpg")]
    [InlineData("a\u0000b\r\nc\u001bd\u007f.jpg", "a_b__c_d_.jpg")]
    [InlineData("photo\u202Egpj.exe", "photo_gpj.exe")]
    [InlineData("a\u2066b\u200Ec\uFEFFd\u2028e\u00ADf.jpg", "a_b_c_d_e_f.jpg")]
    [InlineData("a<b>c:d\"e|f?g*h.jpg", "a_b_c_d_e_f_g_h.jpg")]
    [InlineData("CON", "_CON")]
    [InlineData("nul.tar.gz", "_nul.tar.gz")]
    [InlineData("Com1 .jpg", "_Com1 .jpg")]
    [InlineData("LPT³.png", "_LPT³.png")]
    [InlineData("console.jpg", "console.jpg")]
    [InlineData(".htaccess", "_htaccess")]
    [InlineData("  a.jpg. . ", "a.jpg")]
    public void A_name_is_made_safe_as_the_name_of_a_file(string name, string expected)
    {
        var clean = ImageName.Clean(name);

        Assert.Equal(expected, clean);
        Assert.Equal(clean, ImageName.Clean(clean));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("..")]
    [InlineData("/")]
    [InlineData("\u202E\u0000")]
    public void Nothing_is_left_of_a_name_without_readable_characters(string? name) => Assert.Null(ImageName.Clean(name));

    /// <summary>Attributes can't contain it.</summary>
    [Fact]
    public void Half_of_a_surrogate_pair_is_replaced() => Assert.Equal("half _.jpg", ImageName.Clean("half \uD83D.jpg"));

    [Fact]
    public void A_long_name_is_cut_before_its_extension_and_between_characters()
    {
        var cats = string.Concat(Enumerable.Repeat("🐈", 150));

        Assert.Equal(cats[..(2 * 98)] + ".jpg", ImageName.Clean(cats + ".jpg"));
        Assert.Equal(cats[..(2 * 24)] + ".jpg", ImageName.Shorten(cats + ".jpg", 100, Encoding.UTF8.GetByteCount));
        Assert.Equal(new string('a', 200), ImageName.Clean(new string('a', 300)));
    }
}
