using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;
using ImageResize.Tests.Support.Processes;

namespace ImageResize.Tests.Standalone.Access;

/// <summary>Slow and idle connections, and invalid ids.</summary>
public sealed class AbuseTests(Azurite azurite)
{
    private const string Line = "GET /result?jobId=1 HTTP/1.1\nHost: localhost\n";

    public static TheoryData<string> Ids() =>
    [
        "..%2F..%2Fetc%2Fpasswd", "a%2Fb", "a%5Cb", "%23", "%3F", "%00", "%0A", "'", "%27%20or%201%20eq%201",
        "1%20or%20PartitionKey%20ne%20%27%27",
        "%D0%B8%D0%B4", "%F0%9F%90%88", "01A212E7-3FD0-7579-83ED-F92881627878", "%7B01a212e7-3fd0-7579-83ed-f92881627878%7D",
        "01a212e7-3fd0-7579-83ed-f92881627878-", "01a212e7-3fd0-7579-83ed-f92881627878-%2B1", "01a212e7-3fd0-7579-83ed-f92881627878-007",
        new string('a', 2_048),
    ];

    [Trait("Abuse", "24")]
    [Theory]
    [MemberData(nameof(Ids))]
    public async Task An_invalid_id_is_not_found_without_a_lookup(string id)
    {
        // There is no storage, so a lookup would get 503.
        await using var app = await RunningApp.StartAsync(FreePorts.Take().ConnectionString, "--ImageResize:Role=Api");

        foreach (var address in (string[])[$"/result?jobId={id}", $"/v1/jobs/{id}", $"/v1/batches/{id}", $"/v1/images/{id}"])
        {
            Assert.Contains((await app.GetAsync(address)).Status, (int[])[400, 404]);
        }
    }

    [Trait("Abuse", "19")]
    [Theory]
    [InlineData("GET /result?jobId=1 HTT")]
    [InlineData(Line + "X-Slow: a")]
    [InlineData("POST /v1/images HTTP/1.1\nHost: localhost\nContent-Type: image/jpeg\nContent-Length: 1000000\n\nx")]
    public async Task An_incomplete_request_is_aborted(string beginning)
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Limits:HeadersSeconds=1");
        using var slow = await RawRequest.SendAsync(app.Client.BaseAddress!, beginning);

        var answer = await slow.ReadLineAsync();

        Assert.True(answer is "" or "HTTP/1.1 408 Request Timeout", answer);
    }

    [Trait("Abuse", "19")]
    [Fact]
    public async Task Idle_connections_are_closed_while_others_are_served()
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Limits:KeepAliveSeconds=3");
        var idle = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => RawRequest.SendAsync(app.Client.BaseAddress!, "")));

        Assert.Equal(404, (await app.GetAsync("/result?jobId=1")).Status);
        var answers = await Task.WhenAll(idle.Select(connection => connection.ReadLineAsync()));

        Assert.All(answers, Assert.Empty);
        Array.ForEach(idle, connection => connection.Dispose());
    }

    [Trait("Abuse", "7")]
    [Theory]
    [InlineData(8_191, 404)]
    [InlineData(8_192, 404)]
    [InlineData(8_193, 414)]
    public async Task The_length_of_the_request_line_is_limited(int length, int status)
    {
        await using var app = await RunningApp.StartAsync(azurite);
        using var request = await RawRequest.SendAsync(
            app.Client.BaseAddress!, $"GET /result?jobId={new string('a', length - 29)} HTTP/1.1\nHost: localhost\nConnection: close\n\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", await request.ReadLineAsync(), StringComparison.Ordinal);
    }
}
