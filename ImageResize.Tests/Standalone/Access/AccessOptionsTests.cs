using System.ComponentModel.DataAnnotations;
using ImageResize.Functions.Http.Keys;
using ImageResize.Functions.Standalone.Access;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Standalone.Access;

/// <summary>An invalid key stops the start. The message contains its setting but not the key.</summary>
public sealed class AccessOptionsTests
{
    [Theory]
    [InlineData(15, false)]
    [InlineData(16, true)]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void A_key_has_16_to_256_characters(int length, bool isKey)
    {
        var key = Secrets.Prefix.PadRight(length, 'k')[..length];

        Assert.Equal(isKey, WrongOf(new AccessOptions { Keys = { ["shop"] = key } }) is null);
        Assert.Equal(isKey, WrongOf(new AccessOptions { AdminKey = key }) is null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SECRET-CANARY with a space")]
    [InlineData("SECRET-CANARY-ключ-на-русском")]
    [InlineData("SECRET-CANARY\nSECRET-CANARY")]
    public void A_key_that_cannot_be_sent_as_a_header_is_refused(string key) =>
        Assert.Contains("ImageResize__Keys__shop", WrongOf(new AccessOptions { Keys = { ["shop"] = key } }), StringComparison.Ordinal);

    [Theory]
    [InlineData("shop", true)]
    [InlineData("Shop_2-west", true)]
    [InlineData("admin", false)]
    [InlineData("Admin", false)]
    [InlineData("a shop", false)]
    [InlineData("a\nshop", false)]
    public void The_name_of_a_caller_is_a_plain_word_other_than_admin(string name, bool isName) =>
        Assert.Equal(isName, WrongOf(new AccessOptions { Keys = { [name] = Secrets.ShopKey } }) is null);

    [Fact]
    public void Two_callers_must_have_different_keys()
    {
        var same = new AccessOptions { Keys = { ["shop"] = Secrets.ShopKey, ["printer"] = Secrets.ShopKey }, AdminKey = Secrets.ShopKey };

        Assert.Contains(
            "ImageResize__Keys__shop and ImageResize__Keys__printer and ImageResize__AdminKey", WrongOf(same), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("*", true)]
    [InlineData("https://shop.example", true)]
    [InlineData("https://shop.example, http://localhost:5173", true)]
    [InlineData("https://shop.example/", false)]
    [InlineData("https://Shop.example", false)]
    [InlineData("https://shop.example:443", false)]
    [InlineData("shop.example", false)]
    [InlineData("ftp://shop.example", false)]
    [InlineData("https://shop.example,", false)]
    public void An_origin_must_be_written_as_browsers_do(string origins, bool areOrigins)
    {
        var wrong = WrongOf(new AccessOptions { AllowedOrigins = origins });

        Assert.Equal(areOrigins, wrong is null);
        Assert.True(areOrigins || wrong!.Contains("ImageResize__AllowedOrigins", StringComparison.Ordinal));
    }

    private static string? WrongOf(AccessOptions access)
    {
        var wrong = new List<ValidationResult>();
        Validator.TryValidateObject(access, new ValidationContext(access), wrong, validateAllProperties: true);
        var said = string.Join(' ', wrong.Select(result => result.ErrorMessage));
        Assert.DoesNotContain(Secrets.Prefix, said, StringComparison.Ordinal);

        return said.Length > 0 ? said : null;
    }
}
