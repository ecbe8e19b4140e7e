using System.Diagnostics;
using System.Net;
using System.Text;
using ImageResize.Core.Errors;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Web;

namespace ImageResize.Tests.Sources.Web;

/// <summary>What comes back from a server, well or badly meant.</summary>
public sealed class WebSourceTests : IAsyncDisposable
{
    private const int MaxBytes = 100_000;

    // Nobody listens there: a port that only old systems used.
    private static readonly IPEndPoint Closed = new(IPAddress.Loopback, port: 1);

    // A fast clock for the pause between two tries, and limits that it does not reach.
    private readonly TestWeb _web = new()
    {
        Options = new() { MaxBytes = MaxBytes, TimeoutSeconds = 600, IdleTimeoutSeconds = 600 },
        Clock = new HastyClock(),
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
    public async Task An_image_is_read_however_its_length_and_type_are_told(string rest)
    {
        _web.Server.Answer("/a.jpg", $"HTTP/1.1 200 OK\r\n{rest}");

        Assert.Equal("abc"u8.ToArray(), await _web.ReadAsync("http://pictures.example/a.jpg"));
    }

    [Fact]
    public async Task HTML_that_calls_itself_a_JPEG_is_left_to_those_who_look_at_the_bytes()
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
    [InlineData("200 OK", "Content-Encoding: gzip", "source_not_public")]
    [InlineData("200 OK", "Content-Encoding: br", "source_not_public")]
    [InlineData("200 OK", "Content-Encoding: identity, gzip", "source_not_public")]
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
    public async Task An_answer_without_an_image_is_refused_at_once(string status, string header, string code)
    {
        _web.Server.Answer("/a.jpg", $"HTTP/1.1 {status}\r\n{header}{(header == "" ? "" : "\r\n")}\r\n");

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => _web.OpenAsync("http://pictures.example/a.jpg"));

        Assert.Equal(code, refusal.Code.Name);
        Assert.Single(_web.Server.Requests);
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
    public async Task An_answer_that_may_be_better_next_time_is_asked_for_twice(string reply)
    {
        _web.Server.Answer("/a.jpg", reply);

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => _web.OpenAsync("http://pictures.example/a.jpg"));

        Assert.Equal(ErrorCode.SourceUnreachable.Name, refusal.Code.Name);
        Assert.Equal(2, _web.Server.Requests.Count);
    }

    /// <summary>How often is the platform's business: it asks again by itself when a connection ends before a byte has come.</summary>
    [Fact]
    public async Task A_server_that_hangs_up_is_refused()
    {
        _web.Server.Answer("/a.jpg", "");

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => _web.OpenAsync("http://pictures.example/a.jpg"));

        Assert.Equal(ErrorCode.SourceUnreachable.Name, refusal.Code.Name);
    }

    [Fact]
    public async Task A_server_that_recovers_gives_its_image_on_the_second_try()
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
    public async Task A_host_that_cannot_be_reached_is_refused_in_words_of_ours(string address)
    {
        _web.Resolver.Add("closed.example", Closed);
        _web.Resolver.Add("empty.example");

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => _web.OpenAsync(address));

        Assert.Equal(
            "No image after 2 tries: the host was not found, refused the connection or did not answer properly.",
            refusal.Message);
        Assert.Equal(ErrorCode.SourceUnreachable.Name, refusal.Code.Name);
        Assert.Equal(2, _web.Resolver.Lookups.Count);
    }

    [Fact]
    public async Task The_log_names_the_host_and_neither_its_address_nor_what_was_asked_of_it()
    {
        _web.Resolver.Add("closed.example", Closed);

        await Assert.ThrowsAsync<RefusedException>(() => _web.OpenAsync("http://closed.example/a.jpg?sig=hush"));

        const string reason = "the host was not found, refused the connection or did not answer properly";
        Assert.Equal(
            [$"Host closed.example gave no image on try 1: {reason} ", $"Host closed.example gave no image on try 2: {reason} "],
            _web.Log.Lines);
    }

    [Fact]
    public async Task The_next_address_is_tried_when_the_first_does_not_answer()
    {
        _web.Resolver.Add("two.example", Closed, _web.Server.Place);
        _web.Server.Answer("/a.jpg", "HTTP/1.1 200 OK\r\n\r\nabc");

        Assert.Equal("abc"u8.ToArray(), await _web.ReadAsync("http://two.example/a.jpg"));
    }

    [Fact]
    public async Task The_request_tells_nothing_about_us_but_our_name()
    {
        using var activity = new Activity("job").Start();
        _web.Server.Answer("/a.jpg?x=1", "HTTP/1.1 200 OK\r\n\r\nabc");

        await _web.ReadAsync("http://pictures.example/a.jpg?x=1#part");

        Assert.Equal(
            "GET /a.jpg?x=1 HTTP/1.1\r\nHost: pictures.example\r\nAccept: image/*\r\nUser-Agent: ImageResize/1.0\r\n\r\n",
            Assert.Single(_web.Server.Requests));
    }

    [Theory]
    [InlineData("Content-Length: 100000\r\n\r\n")]
    [InlineData("\r\n")]
    public async Task An_image_of_just_the_limit_is_read(string rest)
    {
        _web.Server.Answer("/a.jpg", $"HTTP/1.1 200 OK\r\n{rest}{new string('a', MaxBytes)}");

        Assert.Equal(MaxBytes, (await _web.ReadAsync("http://pictures.example/a.jpg")).Length);
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("Content-Length: 123456789012345678901234567890\r\n\r\n")]
    public async Task Bytes_beyond_the_limit_are_refused_while_reading(string rest)
    {
        _web.Server.Answer("/a.jpg", $"HTTP/1.1 200 OK\r\n{rest}{new string('a', MaxBytes + 1)}");

        await AssertRefusedWhileReadingAsync(ErrorCode.SourceTooLarge.Name);
    }

    [Fact]
    public async Task An_endless_image_is_refused_at_the_limit()
    {
        _web.Server.Pages["/a.jpg"] = SendForeverAsync;

        await AssertRefusedWhileReadingAsync(ErrorCode.SourceTooLarge.Name);
    }

    [Theory]
    [InlineData("Content-Length: 4\r\n\r\nabc")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nabc")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n")]
    public async Task An_image_that_breaks_off_is_refused(string rest)
    {
        _web.Server.Answer("/a.jpg", $"HTTP/1.1 200 OK\r\n{rest}");

        await AssertRefusedWhileReadingAsync(ErrorCode.SourceUnreachable.Name);
    }

    [Theory]
    [InlineData("Content-Length: 0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("\r\n")]
    public async Task An_empty_image_is_refused(string rest)
    {
        _web.Server.Answer("/a.jpg", $"HTTP/1.1 200 OK\r\n{rest}");

        await AssertRefusedWhileReadingAsync(ErrorCode.SourceNotPublic.Name);
    }

    [Fact]
    public async Task Headers_of_many_bytes_are_refused()
    {
        _web.Server.Answer("/a.jpg", $"HTTP/1.1 200 OK\r\nX-Filler: {new string('a', 40_000)}\r\n\r\nabc");

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => _web.OpenAsync("http://pictures.example/a.jpg"));

        Assert.Equal(ErrorCode.SourceUnreachable.Name, refusal.Code.Name);
    }

    [Fact]
    public async Task Only_what_is_read_is_fetched_and_closing_ends_the_connection()
    {
        var left = new TaskCompletionSource();
        _web.Server.Pages["/a.jpg"] = async (stream, cancellationToken) =>
        {
            try
            {
                await SendForeverAsync(stream, cancellationToken);
            }
            catch (IOException)
            {
                left.SetResult();
            }
        };

        await using (var stream = await _web.OpenAsync("http://pictures.example/a.jpg"))
        {
            Assert.Equal('a', stream.ReadByte());
            Assert.False(left.Task.IsCompleted);
        }

        await left.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\nabc")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 1000\r\n\r\nabc")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: ftp://a/\r\nContent-Length: 1000\r\n\r\nabc")]
    public async Task No_connection_outlives_its_stream_or_its_refusal(string reply)
    {
        var left = new TaskCompletionSource();
        _web.Server.Pages["/a.jpg"] = async (stream, cancellationToken) =>
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(reply), cancellationToken);
            await WaitForEndAsync(stream, cancellationToken);
            left.SetResult();
        };

        try
        {
            await using var stream = await _web.OpenAsync("http://pictures.example/a.jpg");
            Assert.Equal('a', stream.ReadByte());
        }
        catch (RefusedException)
        {
            // As three of them must be.
        }

        await left.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Many_can_read_synchronously_at_once()
    {
        _web.Server.Pages["/a.jpg"] = async (stream, cancellationToken) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), cancellationToken);

            for (var part = 0; part < 10; part++)
            {
                await stream.WriteAsync(new byte[5_000], cancellationToken);
                await Task.Yield();
            }
        };
        var source = _web.Source();

        var lengths = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(async () =>
        {
            await using var stream = await source.OpenAsync(
                "http://pictures.example/a.jpg".ToSource(), TestContext.Current.CancellationToken);
            using var bytes = new MemoryStream();

            // CopyTo waits on its thread, as libvips does.
#pragma warning disable CA1849
            stream.CopyTo(bytes);
#pragma warning restore CA1849
            return bytes.Length;
        })));

        Assert.All(lengths, length => Assert.Equal(50_000, length));
    }

    [Fact]
    public async Task Who_cancels_is_told_so_and_not_that_the_image_is_at_fault()
    {
        using var cancel = new CancellationTokenSource();
        _web.Server.Pages["/a.jpg"] = async (_, _) => await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _web.Source().OpenAsync("http://pictures.example/a.jpg".ToSource(), cancel.Token));
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    /// <summary>Some refusals need the first read. Reading synchronously and not must end in the same one.</summary>
    private async Task AssertRefusedWhileReadingAsync(string code)
    {
        var refusal = await Assert.ThrowsAsync<RefusedException>(() => _web.ReadAsync("http://pictures.example/a.jpg"));
        Assert.Equal(code, refusal.Code.Name);

        await using var stream = await _web.OpenAsync("http://pictures.example/a.jpg");
        refusal = Assert.Throws<RefusedException>(() => stream.CopyTo(Stream.Null));
        Assert.Equal(code, refusal.Code.Name);
    }

    private static async Task SendForeverAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), cancellationToken);

        while (true)
        {
            await stream.WriteAsync(Enumerable.Repeat((byte)'a', 10_000).ToArray(), cancellationToken);
        }
    }

    private static async Task WaitForEndAsync(Stream stream, CancellationToken cancellationToken)
    {
        try
        {
            while (await stream.ReadAsync(new byte[1], cancellationToken) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Reset is an end as well.
        }
    }
}
