using System.Diagnostics;
using System.Net;
using ImageResize.Core.Errors;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Web;

namespace ImageResize.Tests.Sources.Web;

/// <summary>Requests to a web server and its responses.</summary>
public sealed class WebSourceTests : IAsyncDisposable
{
    // No program listens on this port.
    private static readonly IPEndPoint Closed = new(IPAddress.Loopback, port: 1);

    // A fast clock shortens the pause between attempts; the limits are too long for it.
    private readonly TestWeb _web = new()
    {
        Options = new() { MaxBytes = 100_000, TimeoutSeconds = 600, IdleTimeoutSeconds = 600 },
        Clock = new FastClock(),
    };

    [Theory]
    [InlineData("http://img.example.com/a.jpg", true)]
    [InlineData("HTTPS://img.example.com/a.jpg", true)]
    [InlineData("http://10.0.0.1/", true)]
    [InlineData("ftp://img.example.com/a.jpg", false)]
    [InlineData("httpx://img.example.com/a.jpg", false)]
    [InlineData("http:/img.example.com/a.jpg", false)]
    [InlineData("//img.example.com/a.jpg", false)]
    [InlineData("images/http://a.jpg", false)]
    [InlineData("", false)]
    public void Addresses_with_a_web_scheme_are_web_sources(string source, bool canHandle) =>
        Assert.Equal(canHandle, _web.Source().CanHandle(source.ToSource()));

    [Theory]
    [InlineData("Content-Length: 3\r\nContent-Type: image/jpeg\r\n\r\nabc")]
    [InlineData("Content-Length: 3\r\n\r\nabc")]
    [InlineData("Content-Length: 3\r\nContent-Type: IMAGE/WebP; q=1\r\n\r\nabc")]
    [InlineData("Content-Length: 3\r\nContent-Type: application/octet-stream\r\n\r\nabc")]
    [InlineData("Content-Length: 3\r\nContent-Type: binary/octet-stream\r\n\r\nabc")]
    [InlineData("Content-Length: 3\r\nContent-Type: application/binary\r\n\r\nabc")]
    [InlineData("Content-Length: 3\r\nContent-Encoding: identity\r\n\r\nabc")]
    [InlineData("Content-Length: 3\r\n\r\nabcdef")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n")]
    [InlineData("\r\nabc")]
    [InlineData("Content-Length: three\r\n\r\nabc")]
    public async Task An_image_is_read_whatever_its_length_and_type_headers(string rest)
    {
        _web.Server.Answer("/a.jpg", $"HTTP/1.1 200 OK\r\n{rest}");

        Assert.Equal("abc"u8.ToArray(), await _web.ReadAsync("http://pictures.example/a.jpg"));
    }

    [Fact]
    public async Task Content_is_not_checked_against_an_image_content_type()
    {
        _web.Server.Answer("/a.jpg", "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: 6\r\n\r\n<html>");

        Assert.Equal("<html>"u8.ToArray(), await _web.ReadAsync("http://pictures.example/a.jpg"));
    }

    [Theory]
    [InlineData("200 OK", "Content-Type: text/html", "source_not_public")]
    [InlineData("200 OK", "Content-Type: TEXT/HTML; charset=utf-8", "source_not_public")]
    [InlineData("200 OK", "Content-Type: application/zip", "source_not_public")]
    [InlineData("200 OK", "Content-Type: no type at all", "source_not_public")]
    [InlineData("200 OK", "Content-Type: text/html\r\nContent-Type: image/png", "source_not_public")]
    [InlineData("200 OK", "Content-Encoding: gzip", "content_encoding_not_supported")]
    [InlineData("200 OK", "Content-Encoding: br", "content_encoding_not_supported")]
    [InlineData("200 OK", "Content-Encoding: identity, gzip", "content_encoding_not_supported")]
    [InlineData("200 OK", "Content-Length: 100001", "source_too_large")]
    [InlineData("200 OK", "Content-Length: 9000000000000000000", "source_too_large")]
    [InlineData("201 Created", "", "source_not_public")]
    [InlineData("204 No Content", "", "source_not_public")]
    [InlineData("206 Partial Content", "Content-Range: bytes 0-2/3", "source_not_public")]
    [InlineData("300 Multiple Choices", "Location: /b.jpg", "source_not_public")]
    [InlineData("304 Not Modified", "", "source_not_public")]
    [InlineData("305 Use Proxy", "Location: http://127.0.0.1/", "source_not_public")]
    [InlineData("400 Bad Request", "", "source_not_public")]
    [InlineData("401 Unauthorized", "WWW-Authenticate: Negotiate", "source_not_public")]
    [InlineData("403 Forbidden", "", "source_not_public")]
    [InlineData("404 Not Found", "", "source_not_found")]
    [InlineData("407 Proxy Authentication Required", "Proxy-Authenticate: Basic", "source_not_public")]
    [InlineData("410 Gone", "", "source_not_found")]
    public async Task A_response_without_an_image_is_refused_without_a_retry(string status, string header, string code)
    {
        _web.Server.Answer("/a.jpg", $"HTTP/1.1 {status}\r\n{header}{(header == "" ? "" : "\r\n")}\r\n");

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => _web.OpenAsync("http://pictures.example/a.jpg"));

        Assert.Equal(code, refusal.Code.Name);
        Assert.Single(_web.Server.Requests);
    }

    [Theory]
    [InlineData("gzip", "Content-Encoding gzip,")]
    [InlineData("GZIP, Br", "Content-Encoding gzip, br,")]
    [InlineData("a-name-that-is-far-too-long-to-be-shown-to-anyone", "an unusual Content-Encoding,")]
    [InlineData("gz\u00e9p", "an unusual Content-Encoding,")]
    public async Task The_refusal_names_the_content_encoding(string encoding, string named)
    {
        _web.Server.Answer("/a.jpg", $"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\n\r\n");

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => _web.OpenAsync("http://pictures.example/a.jpg"));

        Assert.Contains($"with {named} which was not requested", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 408 Request Timeout\r\n\r\n")]
    [InlineData("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3600\r\n\r\n")]
    [InlineData("HTTP/1.1 500 Internal Server Error\r\n\r\n")]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\n\r\n")]
    [InlineData("HTTP/1.1 599 Odd\r\n\r\n")]
    [InlineData("HTTP/1.1 200")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("\0\0\0\0")]
    public async Task A_temporary_error_is_retried_once(string reply)
    {
        _web.Server.Answer("/a.jpg", reply);

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => _web.OpenAsync("http://pictures.example/a.jpg"));

        Assert.Equal(ErrorCode.SourceUnreachable.Name, refusal.Code.Name);
        Assert.Equal(2, _web.Server.Requests.Count);
    }

    /// <summary>The number of requests is not checked, because .NET retries a connection that ends before the first byte.</summary>
    [Fact]
    public async Task A_server_that_closes_the_connection_is_unreachable()
    {
        _web.Server.Answer("/a.jpg", "");

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => _web.OpenAsync("http://pictures.example/a.jpg"));

        Assert.Equal(ErrorCode.SourceUnreachable.Name, refusal.Code.Name);
    }

    [Fact]
    public async Task An_image_is_read_on_the_second_attempt()
    {
        _web.Server.Pages["/a.jpg"] = async (stream, cancellationToken) => await stream.WriteAsync(
            _web.Server.Requests.Count == 1 ? "HTTP/1.1 503 Busy\r\n\r\n"u8.ToArray() : "HTTP/1.1 200 OK\r\n\r\nabc"u8.ToArray(),
            cancellationToken);

        Assert.Equal("abc"u8.ToArray(), await _web.ReadAsync("http://pictures.example/a.jpg"));
    }

    [Theory]
    [InlineData("http://nobody.example/a.jpg?sig=hush")]
    [InlineData("http://empty.example/a.jpg?sig=hush")]
    [InlineData("http://closed.example/a.jpg?sig=hush")]
    public async Task An_unreachable_host_is_refused_without_system_messages(string address)
    {
        _web.Resolver.Add("closed.example", Closed);
        _web.Resolver.Add("empty.example");

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => _web.OpenAsync(address));

        Assert.Equal(
            "No image after 2 attempts: the host was not found, refused the connection or did not answer properly.",
            refusal.Message);
        Assert.Equal(ErrorCode.SourceUnreachable.Name, refusal.Code.Name);
        Assert.Equal(2, _web.Resolver.Lookups.Count);
    }

    [Fact]
    public async Task The_log_contains_the_host_but_not_its_address_path_or_query()
    {
        _web.Resolver.Add("closed.example", Closed);

        await Assert.ThrowsAsync<RefusedException>(() => _web.OpenAsync("http://closed.example/a.jpg?sig=hush"));

        const string reason = "the host was not found, refused the connection or did not answer properly";
        Assert.Equal(
            [
                $"Host closed.example returned no image on attempt 1: {reason} ",
                $"Host closed.example returned no image on attempt 2: {reason} ",
            ],
            _web.Log.Lines);
    }

    [Fact]
    public async Task The_next_address_is_tried_if_the_first_does_not_connect()
    {
        _web.Resolver.Add("two.example", Closed, _web.Server.Place);
        _web.Server.Answer("/a.jpg", "HTTP/1.1 200 OK\r\n\r\nabc");

        Assert.Equal("abc"u8.ToArray(), await _web.ReadAsync("http://two.example/a.jpg"));
    }

    [Fact]
    public async Task Requests_contain_only_host_accept_and_user_agent()
    {
        using var activity = new Activity("job").Start();
        _web.Server.Answer("/a.jpg?x=1", "HTTP/1.1 200 OK\r\n\r\nabc");

        await _web.ReadAsync("http://pictures.example/a.jpg?x=1#part");

        Assert.Equal(
            "GET /a.jpg?x=1 HTTP/1.1\r\nHost: pictures.example\r\nAccept: image/*\r\nUser-Agent: ImageResize/1.0\r\n\r\n",
            Assert.Single(_web.Server.Requests));
    }

    [Fact]
    public async Task A_response_with_large_headers_is_refused()
    {
        _web.Server.Answer("/a.jpg", $"HTTP/1.1 200 OK\r\nX-Filler: {new string('a', 40_000)}\r\n\r\nabc");

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => _web.OpenAsync("http://pictures.example/a.jpg"));

        Assert.Equal(ErrorCode.SourceUnreachable.Name, refusal.Code.Name);
    }

    [Fact]
    public async Task Cancellation_is_not_reported_as_a_refusal()
    {
        using var cancel = new CancellationTokenSource();
        _web.Server.Pages["/a.jpg"] = async (_, _) => await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _web.Source().OpenAsync("http://pictures.example/a.jpg".ToSource(), cancel.Token));
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();
}
