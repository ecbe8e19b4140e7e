using System.Net;
using System.Text;
using ImageResize.Core.Batches;
using ImageResize.Core.Callbacks;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources.Web.Network;
using ImageResize.Tests.Sources.Web.Network;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;
using ImageResize.Tests.Support.Web;

namespace ImageResize.Tests.Callbacks;

[Collection(CanaryCollection.Name)]
public sealed class CallbackClientTests(Canaries canaries) : IAsyncDisposable
{
    private const string Ok = "HTTP/1.1 204 No Content\r\n\r\n";

    private static readonly byte[] Body = CallbackBody.Of(
        new Batch(BatchId.New(TimeProvider.System.GetUtcNow())) { Name = "Frühling" },
        new CallbackStatus(TimeProvider.System.GetUtcNow(), 1, new JobCounts(1, 0)));

    private readonly StubServer _server = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Only_a_receiver_with_the_secret_accepts_the_signature()
    {
        await SendAsync(new TestReceivers());

        var (head, body) = (_server.Requests.Single(), _server.Bodies.Single());

        Assert.StartsWith("POST /ended HTTP/1.1\r\n", head, StringComparison.Ordinal);
        Assert.Equal("application/json", StandardWebhooks.Header(head, "Content-Type"));
        Assert.Equal("the-id", StandardWebhooks.Header(head, "webhook-id"));
        Assert.True(await StandardWebhooks.AcceptsAsync(TestReceivers.Secret(1), head, body));
        Assert.False(await StandardWebhooks.AcceptsAsync(TestReceivers.Secret(2), head, body));

        var otherHead = head.Replace("the-id", "an-id", StringComparison.Ordinal);
        var otherBody = body.Replace("Fr", "fr", StringComparison.Ordinal);
        Assert.False(await StandardWebhooks.AcceptsAsync(TestReceivers.Secret(1), head, otherBody));
        Assert.False(await StandardWebhooks.AcceptsAsync(TestReceivers.Secret(1), otherHead, body));
    }

    [Fact]
    public async Task With_two_secrets_receivers_with_either_accept_the_signature()
    {
        await SendAsync(new TestReceivers { Secrets = $"{TestReceivers.Secret(2)} {TestReceivers.Secret(1)}" });

        var (head, body) = (_server.Requests.Single(), _server.Bodies.Single());

        Assert.True(await StandardWebhooks.AcceptsAsync(TestReceivers.Secret(1), head, body));
        Assert.True(await StandardWebhooks.AcceptsAsync(TestReceivers.Secret(2), head, body));
        Assert.False(await StandardWebhooks.AcceptsAsync(TestReceivers.Secret(3), head, body));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", 200, true)]
    [InlineData("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", 202, true)]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n", 302, false)]
    [InlineData("HTTP/1.1 308 Permanent Redirect\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n", 308, false)]
    [InlineData("HTTP/1.1 304 Not Modified\r\n\r\n", 304, false)]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 4\r\n\r\nhush", 400, false)]
    [InlineData("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", 410, false)]
    [InlineData("HTTP/1.1 500 hush\r\nContent-Length: 0\r\n\r\n", 500, false)]
    public async Task Only_2xx_is_a_delivery_and_no_redirect_is_followed(string reply, int status, bool isDelivered)
    {
        _server.Answer("/other", Ok);

        var answer = await SendAsync(new TestReceivers(), reply);

        Assert.Equal((status, isDelivered), (answer.Status, answer.IsDelivered));
        Assert.Single(_server.Requests);
        Assert.DoesNotContain("hush", answer.FailureReason ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("soon", null)]
    public async Task A_receiver_can_ask_for_a_delay(string retryAfter, int? seconds)
    {
        var answer = await SendAsync(new TestReceivers(), $"HTTP/1.1 503 Busy\r\nRetry-After: {retryAfter}\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal(seconds, answer.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task A_receiver_can_ask_for_a_delay_as_a_date()
    {
        var date = TimeProvider.System.GetUtcNow().AddMinutes(10).ToString("R");

        var answer = await SendAsync(new TestReceivers(), $"HTTP/1.1 503 Busy\r\nRetry-After: {date}\r\nContent-Length: 0\r\n\r\n");

        Assert.InRange(answer.RetryAfter!.Value.TotalMinutes, 9, 10);
    }

    [Fact]
    public async Task A_response_with_an_endless_body_is_a_delivery()
    {
        _server.Pages["/ended"] = async (stream, cancellationToken) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), cancellationToken);
            while (true)
            {
                await stream.WriteAsync(new byte[1_000], cancellationToken);
            }
        };

        Assert.True((await SendAsync(new TestReceivers(), reply: null)).IsDelivered);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_times_out_after_20_seconds()
    {
        _server.Pages["/ended"] = (_, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

        var answer = await SendAsync(new TestReceivers(), reply: null, new FastClock());

        Assert.Equal(new CallbackResponse(null, "The receiver did not answer in time."), answer);
    }

    [Fact]
    public async Task A_receiver_that_disconnects_or_is_not_found_has_not_answered()
    {
        var brokenOff = await SendAsync(new TestReceivers(), reply: "");
        var notFound = await new TestReceivers().Client(TimeProvider.System).SendAsync("http://nobody.example/", "the-id", Body, Token);

        Assert.All([brokenOff, notFound], answer => Assert.Equal((null, false), (answer.Status, answer.IsDelivered)));
        Assert.DoesNotContain("nobody.example", notFound.FailureReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_sent_unsigned()
    {
        var answer = await SendAsync(new TestReceivers { Secrets = "" });

        Assert.False(answer.IsDelivered);
        Assert.Empty(_server.Requests);
    }

    [Theory]
    [MemberData(nameof(SsrfTests.Addresses), MemberType = typeof(SsrfTests))]
    public async Task A_host_name_with_a_private_address_is_not_called(string addresses)
    {
        var receivers = new TestReceivers { Policy = new AddressPolicy() };
        receivers.Resolver.Add(
            "receiver.example",
            [.. addresses.Split(' ').Select(address => new IPEndPoint(IPAddress.Parse(address), canaries.OtherPort))]);
        using var client = receivers.Client(TimeProvider.System);

        var answer = await client.SendAsync("http://receiver.example/ended", "the-id", Body, Token);

        Assert.Equal(new CallbackResponse(null, "The host's address is not public."), answer);
        Assert.Equal(0, canaries.TakeConnections());
    }

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://localhost/")]
    public async Task A_private_address_that_was_not_checked_before_is_not_called(string address)
    {
        using var client = new TestReceivers { Policy = new AddressPolicy() }.Client(TimeProvider.System);

        Assert.False((await client.SendAsync(address, "the-id", Body, Token)).IsDelivered);
        Assert.Equal(0, canaries.TakeConnections());
    }

    [Theory]
    [InlineData("http://receiver.example:8080/ended")]
    [InlineData("http://user@receiver.example/ended")]
    [InlineData("ftp://receiver.example:80/ended")]
    public async Task An_address_is_checked_again_before_it_is_called(string address)
    {
        using var client = new TestReceivers().With("receiver.example", _server.Place).Client(TimeProvider.System);

        Assert.False((await client.SendAsync(address, "the-id", Body, Token)).IsDelivered);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task A_client_without_address_rules_would_connect_to_the_canary()
    {
        using var client = new TestReceivers()
            .With("receiver.example", new IPEndPoint(IPAddress.Loopback, canaries.OtherPort))
            .Client(TimeProvider.System);
        var sending = client.SendAsync("http://receiver.example/ended", "the-id", Body, Token);

        await Eventually.Async(() => canaries.TakeConnections() == 1);

        Assert.False((await sending).IsDelivered);
    }

    private async Task<CallbackResponse> SendAsync(TestReceivers receivers, string? reply = Ok, TimeProvider? clock = null)
    {
        if (reply is not null)
        {
            _server.Answer("/ended", Encoding.Latin1.GetBytes(reply));
        }

        using var client = receivers.With("receiver.example", _server.Place).Client(clock ?? TimeProvider.System);

        return await client.SendAsync("http://receiver.example/ended", "the-id", Body, Token);
    }
}
