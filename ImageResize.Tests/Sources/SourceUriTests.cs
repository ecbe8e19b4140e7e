using System.Text.Json;
using ImageResize.Core.Sources;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Sources;

public sealed class SourceUriTests
{
    [Theory]
    [InlineData("blob://photos/a.jpg", "blob", "photos/a.jpg")]
    [InlineData("HTTP://example.com", "HTTP", "example.com")]
    [InlineData("sftp+v2.x://host/a", "sftp+v2.x", "host/a")]
    [InlineData("/ImageResize/images/a.jpg", "", "/ImageResize/images/a.jpg")]
    [InlineData("a/b://c", "", "a/b://c")]
    [InlineData("://a", "", "://a")]
    [InlineData("1http://a", "", "1http://a")]
    [InlineData(" http://a", "", " http://a")]
    [InlineData("", "", "")]
    public void A_text_is_split_at_its_scheme_and_kept_as_it_is(string text, string scheme, string path)
    {
        var source = text.ToSource();

        Assert.Equal((scheme, path, text), (source.Scheme, source.Path, source.Unredacted));
    }

    [Theory]
    [InlineData("https://example.com/a.jpg?sig=secret", "https://example.com/a.jpg")]
    [InlineData("https://example.com?sig=secret/x@y", "https://example.com")]
    [InlineData("HTTPS://user:secret@example.com/a.jpg", "HTTPS://example.com/a.jpg")]
    [InlineData("https://a@secret@example.com/@b.jpg#secret", "https://example.com/@b.jpg")]
    [InlineData("sftp://user:secret@host/a.jpg?key=secret", "sftp://host/a.jpg")]
    [InlineData("blob://photos/a@b?c#d.jpg", "blob://photos/a@b?c#d.jpg")]
    [InlineData("/ImageResize/images/a@b?c#d.jpg", "/ImageResize/images/a@b?c#d.jpg")]
    public void User_info_query_and_fragment_are_not_shown_for_any_scheme_that_has_them(string text, string shown)
    {
        var source = text.ToSource();

        Assert.Equal((shown, shown), (source.Redacted, source.ToString()));
        Assert.Equal(JsonSerializer.Serialize(shown), JsonSerializer.Serialize(source));
    }

    [Fact]
    public void Control_characters_are_not_written_to_logs() =>
        Assert.Equal("/ImageResize/images/a?b?.jpg", "/ImageResize/images/a\nb\u001b.jpg".ToSource().ToString());

    [Fact]
    public void Equal_texts_are_equal_sources() => Assert.Equal("blob://photos/a.jpg".ToSource(), new SourceUri("blob", "photos/a.jpg"));
}
