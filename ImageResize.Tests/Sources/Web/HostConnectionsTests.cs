using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Web;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Web;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Sources.Web;

/// <summary>A host has a limit of connections, and images that wait for one do not use up their time.</summary>
public sealed class HostConnectionsTests : IAsyncDisposable
{
    private const string Address = "http://pictures.example/a.jpg";

    private readonly FakeTimeProvider _clock = new();
    private readonly TestWeb _web;
    private readonly WebSource _source;

    public HostConnectionsTests()
    {
        _web = new TestWeb { Clock = _clock, Options = new WebSourceOptions { ConnectionsPerHost = 2, TimeoutSeconds = 25 } };
        _web.Resolver.Add("other.example", _web.Server.Place);
        _web.Server.AnswerImage("/a.jpg", TestImages.Jpeg(40, 30));
        _web.Server.Redirect("/moved", Address);
        _source = _web.Source();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    [Fact]
    public async Task Images_of_other_hosts_do_not_wait_for_a_host_without_free_connections()
    {
        await using var first = await OpenAsync(Address);
        await using var second = await OpenAsync(Address);
        var third = OpenAsync(Address);

        await using var other = await OpenAsync("http://other.example/a.jpg");
        Assert.False(third.IsCompleted);
        Assert.Equal(3, _web.Server.Requests.Count);

        await first.DisposeAsync();
        await using var image = await third;
        Assert.NotEqual(-1, image.ReadByte());
    }

    [Fact]
    public async Task Redirects_and_failures_give_back_their_connections()
    {
        for (var i = 0; i < 5; i++)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => OpenAsync("http://pictures.example/moved-away"));
            await using var image = await OpenAsync("http://pictures.example/moved");
        }

        await using var first = await OpenAsync(Address);
        await using var second = await OpenAsync(Address);
        Assert.False(OpenAsync(Address).IsCompleted);
    }

    [Fact]
    public async Task The_time_of_waiting_for_a_connection_does_not_count()
    {
        await using var first = await OpenAsync(Address);
        await using var second = await OpenAsync(Address);
        var third = OpenAsync(Address);

        _clock.Advance(TimeSpan.FromSeconds(50));
        await first.DisposeAsync();

        await using var image = await third;
        Assert.NotEqual(-1, image.ReadByte());
    }

    [Fact]
    public async Task A_host_that_stays_busy_is_reported()
    {
        await using var first = await OpenAsync(Address);
        await using var second = await OpenAsync(Address);
        var third = OpenAsync(Address);

        _clock.Advance(TimeSpan.FromSeconds(60));

        await Assert.ThrowsAsync<SourceBusyException>(() => third);
    }

    private async Task<Stream> OpenAsync(string address)
    {
        var opening = _source.OpenAsync(_source.Normalize(address.ToSource()), Token);
        while (address.EndsWith("away", StringComparison.Ordinal) && !opening.IsCompleted)
        {
            // The pause before the second attempt.
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(10, Token);
        }

        return await opening;
    }
}
