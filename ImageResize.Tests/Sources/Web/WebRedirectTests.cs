using ImageResize.Core.Errors;
using ImageResize.Tests.Support.Web;

namespace ImageResize.Tests.Sources.Web;

public sealed class WebRedirectTests : IAsyncDisposable
{
    private const string Image = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";

    private readonly TestWeb _web = new();

    [Theory]
    [InlineData("301 Moved Permanently")]
    [InlineData("302 Found")]
    [InlineData("303 See Other")]
    [InlineData("307 Temporary Redirect")]
    [InlineData("308 Permanent Redirect")]
    public async Task A_redirect_is_followed(string status)
    {
        _web.Server.Redirect("/a.jpg", "/b.jpg?x=1", status).Answer("/b.jpg?x=1", Image);

        Assert.Equal("abc"u8.ToArray(), await _web.ReadAsync("http://pictures.example/a.jpg"));
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    [InlineData(11, false)]
    public async Task Five_redirects_are_followed_and_no_more(int hops, bool read)
    {
        for (var hop = 0; hop < hops; hop++)
        {
            _web.Server.Redirect($"/{hop}", $"/{hop + 1}");
        }

        _web.Server.Answer($"/{hops}", Image);

        var refusal = await Record.ExceptionAsync(() => _web.ReadAsync("http://pictures.example/0")) as RefusedException;

        Assert.Equal((read ? null : ErrorCode.SourceUnreachable.Name, 6), (refusal?.Code.Name, _web.Server.Requests.Count));
    }

    [Fact]
    public async Task A_loop_ends()
    {
        _web.Server.Redirect("/a.jpg", "/a.jpg");

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => _web.OpenAsync("http://pictures.example/a.jpg"));

        Assert.Equal((ErrorCode.SourceUnreachable.Name, 6), (refusal.Code.Name, _web.Server.Requests.Count));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Location: \r\n")]
    [InlineData("Location: /b.jpg\r\nLocation: /c.jpg\r\n")]
    [InlineData("Location: http://\r\n")]
    public async Task A_redirect_without_a_target_is_refused(string header)
    {
        _web.Server.Answer("/a.jpg", $"HTTP/1.1 302 Found\r\n{header}\r\n").Answer("/b.jpg", Image).Answer("/c.jpg", Image);

        await Assert.ThrowsAsync<RefusedException>(() => _web.OpenAsync("http://pictures.example/a.jpg"));
    }

    [Fact]
    public async Task A_redirect_target_receives_nothing_from_the_previous_response()
    {
        _web.Resolver.Add("cdn.example", _web.Server.Place);
        _web.Server.Answer("/a.jpg?sig=hush", "HTTP/1.1 302 Found\r\nLocation: /b.jpg\r\nSet-Cookie: id=1\r\n\r\n");
        _web.Server.Redirect("/b.jpg", "http://cdn.example/c.jpg").Answer("/c.jpg", Image);

        await _web.ReadAsync("http://pictures.example/a.jpg?sig=hush");

        Assert.Equal(
            [
                "GET /b.jpg HTTP/1.1\r\nHost: pictures.example\r\nAccept: image/*\r\nUser-Agent: ImageResize/1.0\r\n\r\n",
                "GET /c.jpg HTTP/1.1\r\nHost: cdn.example\r\nAccept: image/*\r\nUser-Agent: ImageResize/1.0\r\n\r\n",
            ],
            _web.Server.Requests.Skip(1));
    }

    [Fact]
    public async Task A_redirect_may_not_leave_the_allowed_hosts()
    {
        await using var web = new TestWeb { Options = new() { AllowedHosts = "pictures.example" } };
        web.Resolver.Add("cdn.example", web.Server.Place);
        web.Server.Redirect("/a.jpg", "http://cdn.example/b.jpg").Answer("/b.jpg", Image);

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => web.OpenAsync("http://pictures.example/a.jpg"));

        Assert.Equal((ErrorCode.SourceNotAllowed.Name, 1), (refusal.Code.Name, web.Server.Requests.Count));
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();
}
