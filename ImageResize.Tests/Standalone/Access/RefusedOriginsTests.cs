using ImageResize.Functions.Http.Keys;
using ImageResize.Functions.Standalone.Access;
using ImageResize.Tests.Support.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Standalone.Access;

public sealed class RefusedOriginsTests
{
    private readonly TestLog<RefusedOrigins> _log = new();

    [Theory]
    [InlineData("", "https://shop.example", 1)]
    [InlineData("https://other.example", "https://shop.example", 1)]
    [InlineData("https://shop.example", "https://shop.example", 0)]
    [InlineData("*", "https://shop.example", 0)]
    [InlineData("", "http://images.example", 0)]
    public async Task A_refused_origin_is_logged_once_with_the_setting(string allowed, string origin, int lines)
    {
        var middleware = new RefusedOrigins(_ => Task.CompletedTask, Options.Create(new AccessOptions { AllowedOrigins = allowed }), _log);

        await CallAsync(middleware, origin);
        await CallAsync(middleware, origin);

        Assert.Equal(lines, _log.Lines.Count);
        Assert.All(_log.Lines, line => Assert.Contains("ImageResize__AllowedOrigins", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Invented_origins_do_not_fill_the_log()
    {
        var middleware = new RefusedOrigins(_ => Task.CompletedTask, Options.Create(new AccessOptions()), _log);

        for (var i = 0; i < 1_000; i++)
        {
            await CallAsync(middleware, $"https://{i}.example");
        }

        Assert.InRange(_log.Lines.Count, 1, 50);
    }

    private static Task CallAsync(RefusedOrigins middleware, string origin)
    {
        var context = new DefaultHttpContext();
        context.Request.Scheme = "http";
        context.Request.Host = new HostString("images.example");
        context.Request.Headers.Origin = origin;

        return middleware.InvokeAsync(context);
    }
}
