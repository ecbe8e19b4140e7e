using System.Text;
using ImageResize.Core.Errors;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Web;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Sources.Web;

/// <summary>Slow servers. The clock is fast, so that no test waits as long as the limit.</summary>
public sealed class WebTimeTests : IAsyncDisposable
{
    private readonly TestWeb _web = Web(timeoutSeconds: 25, idleTimeoutSeconds: 5);

    [Fact]
    public async Task A_server_that_never_responds_is_refused_after_two_attempts()
    {
        var clock = new FakeTimeProvider();
        await using var web = Web(timeoutSeconds: 3_000, idleTimeoutSeconds: 600, clock);
        web.Server.Pages["/a.jpg"] = (_, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

        var opening = web.OpenAsync("http://pictures.example/a.jpg");
        for (var asked = 1; asked <= 2; asked++)
        {
            await Eventually.Async(() =>
            {
                // The pause between two tries.
                clock.Advance(TimeSpan.FromMilliseconds(100));
                return web.Server.Requests.Count == asked;
            });
            clock.Advance(TimeSpan.FromSeconds(600));
        }

        Assert.Equal(ErrorCode.SourceUnreachable.Name, (await Assert.ThrowsAsync<RefusedException>(() => opening)).Code.Name);
        Assert.Equal(2, web.Server.Requests.Count);
    }

    [Fact]
    public async Task Slow_headers_are_refused()
    {
        _web.Server.Pages["/a.jpg"] = (stream, cancellationToken) => DripAsync(stream, "HTTP/1.1 200 OK\r\nX-Filler: ", cancellationToken);

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => _web.OpenAsync("http://pictures.example/a.jpg"));

        Assert.Equal(ErrorCode.SourceUnreachable.Name, refusal.Code.Name);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_stalls_is_refused(bool synchronously)
    {
        _web.Server.Pages["/a.jpg"] = async (stream, cancellationToken) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"u8.ToArray(), cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        };

        Assert.Equal(ErrorCode.SourceUnreachable.Name, (await ReadToRefusalAsync(synchronously)).Code.Name);
    }

    [Fact]
    public async Task Once_refused_a_stream_stays_refused()
    {
        var clock = new FakeTimeProvider();
        await using var web = Web(timeoutSeconds: 3_000, idleTimeoutSeconds: 600, clock);
        web.Server.Pages["/a.jpg"] = async (stream, cancellationToken) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"u8.ToArray(), cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        };
        await using var stream = await web.OpenAsync("http://pictures.example/a.jpg");
        var reading = Task.Run(() => stream.CopyTo(Stream.Null), TestContext.Current.CancellationToken);
        await Eventually.Async(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(600));
            return reading.IsCompleted;
        });
        var first = await Assert.ThrowsAsync<RefusedException>(() => reading);

        var second = Assert.Throws<RefusedException>(() => stream.ReadByte());

        Assert.Equal(first.Code, second.Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_slow_body_is_refused_when_the_total_time_is_over(bool synchronously)
    {
        _web.Server.Pages["/a.jpg"] = (stream, cancellationToken) =>
            DripAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", cancellationToken);

        Assert.Equal(ErrorCode.SourceUnreachable.Name, (await ReadToRefusalAsync(synchronously)).Code.Name);
    }

    [Fact]
    public async Task All_redirects_share_one_time_limit()
    {
        await using var web = Web(timeoutSeconds: 5, idleTimeoutSeconds: 5);
        web.Server.Pages["/a.jpg"] = async (stream, cancellationToken) =>
        {
            await Task.Delay(100, cancellationToken);
            await stream.WriteAsync("HTTP/1.1 302 Found\r\nLocation: /a.jpg\r\n\r\n"u8.ToArray(), cancellationToken);
        };

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => web.OpenAsync("http://pictures.example/a.jpg"));

        Assert.Contains("in time", refusal.Message, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private static TestWeb Web(int timeoutSeconds, int idleTimeoutSeconds, TimeProvider? clock = null) => new()
    {
        Options = new() { TimeoutSeconds = timeoutSeconds, IdleTimeoutSeconds = idleTimeoutSeconds },
        Clock = clock ?? new FastClock(),
    };

    private Task<RefusedException> ReadToRefusalAsync(bool synchronously) => Assert.ThrowsAsync<RefusedException>(async () =>
    {
        await using var stream = await _web.OpenAsync("http://pictures.example/a.jpg");

        if (synchronously)
        {
            while (stream.ReadByte() >= 0)
            {
            }
        }

        await stream.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
    });

    /// <summary>A byte a second, as the hasty clock counts.</summary>
    private static async Task DripAsync(Stream stream, string start, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(start), cancellationToken);

        while (true)
        {
            await stream.WriteAsync("a"u8.ToArray(), cancellationToken);
            await Task.Delay(50, cancellationToken);
        }
    }
}
