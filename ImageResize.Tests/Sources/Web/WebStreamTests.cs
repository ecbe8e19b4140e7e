using System.Text;
using ImageResize.Core.Errors;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Web;

namespace ImageResize.Tests.Sources.Web;

/// <summary>Reading the body of a response.</summary>
public sealed class WebStreamTests : IAsyncDisposable
{
    private const int MaxBytes = 100_000;

    // A fast clock shortens the pause between attempts; the limits are too long for it.
    private readonly TestWeb _web = new()
    {
        Options = new() { MaxBytes = MaxBytes, TimeoutSeconds = 600, IdleTimeoutSeconds = 600 },
        Clock = new FastClock(),
    };

    [Theory]
    [InlineData("Content-Length: 100000\r\n\r\n")]
    [InlineData("\r\n")]
    public async Task An_image_of_exactly_the_limit_is_read(string rest)
    {
        _web.Server.Answer("/a.jpg", $"HTTP/1.1 200 OK\r\n{rest}{new string('a', MaxBytes)}");

        Assert.Equal(MaxBytes, (await _web.ReadAsync("http://pictures.example/a.jpg")).Length);
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("Content-Length: 123456789012345678901234567890\r\n\r\n")]
    public async Task An_image_above_the_limit_is_refused_while_reading(string rest)
    {
        _web.Server.Answer("/a.jpg", $"HTTP/1.1 200 OK\r\n{rest}{new string('a', MaxBytes + 1)}");

        await AssertRefusedWhileReadingAsync(ErrorCode.SourceTooLarge.Name);
    }

    [Fact]
    public async Task An_endless_response_is_refused_at_the_limit()
    {
        _web.Server.Pages["/a.jpg"] = SendForeverAsync;

        await AssertRefusedWhileReadingAsync(ErrorCode.SourceTooLarge.Name);
    }

    [Theory]
    [InlineData("Content-Length: 4\r\n\r\nabc")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nabc")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n")]
    public async Task A_truncated_response_is_refused(string rest)
    {
        _web.Server.Answer("/a.jpg", $"HTTP/1.1 200 OK\r\n{rest}");

        await AssertRefusedWhileReadingAsync(ErrorCode.SourceUnreachable.Name);
    }

    [Theory]
    [InlineData("Content-Length: 0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("\r\n")]
    public async Task An_empty_response_is_refused(string rest)
    {
        _web.Server.Answer("/a.jpg", $"HTTP/1.1 200 OK\r\n{rest}");

        await AssertRefusedWhileReadingAsync(ErrorCode.SourceEmpty.Name);
    }

    [Fact]
    public async Task Closing_the_stream_closes_the_connection()
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
    public async Task The_connection_is_closed_after_a_stream_or_a_refusal(string reply)
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
            // The last three responses are refused.
        }

        await left.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Many_threads_can_read_synchronously()
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

            // CopyTo blocks its thread, as libvips does.
#pragma warning disable CA1849
            stream.CopyTo(bytes);
#pragma warning restore CA1849
            return bytes.Length;
        })));

        Assert.All(lengths, length => Assert.Equal(50_000, length));
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    /// <summary>Some refusals occur at the first read. Synchronous and asynchronous reads must give the same one.</summary>
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
            // The connection was reset, which also closes it.
        }
    }
}
