using System.Net;
using ImageResize.Core.Sources.Thumbnails;
using ImageResize.Core.Sources.Web;
using ImageResize.Core.Sources.Web.Network;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Support.Web;

/// <summary>A server, <c>pictures.example</c>, and a web source that reads from it. Every address counts as public.</summary>
internal sealed class TestWeb : IAsyncDisposable
{
    private readonly List<WebSource> _sources = [];

    public TestWeb(StubServer? server = null)
    {
        Server = server ?? new StubServer();
        Resolver.Add("pictures.example", Server.Place);
    }

    public StubServer Server { get; }

    public TestResolver Resolver { get; } = new();

    public TestLog<WebSource> Log { get; } = new();

    public IAddressPolicy Policy { get; init; } = new AnyAddress();

    public WebSourceOptions Options { get; init; } = new();

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public WebSource Source()
    {
        var source = new WebSource(
            new OptionsWrapper<WebSourceOptions>(Options),
            Policy,
            Resolver,
            new OptionsWrapper<ThumbnailOptions>(new()),
            Clock,
            Log);
        _sources.Add(source);

        return source;
    }

    /// <summary>Normalizes the address and opens it, as the service does.</summary>
    public Task<Stream> OpenAsync(string address)
    {
        var source = Source();

        return source.OpenAsync(source.Normalize(address.ToSource()), TestContext.Current.CancellationToken);
    }

    public async Task<byte[]> ReadAsync(string address)
    {
        await using var stream = await OpenAsync(address);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, TestContext.Current.CancellationToken);

        return bytes.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        _sources.ForEach(source => source.Dispose());
        await Server.DisposeAsync();
    }
}

internal sealed class AnyAddress : IAddressPolicy
{
    public bool Allows(IPAddress address) => true;
}

/// <summary>Allows the first connection, to the test's server, and then applies the policy of the service.</summary>
internal sealed class AnyAddressOnce : IAddressPolicy
{
    private readonly AddressPolicy _policy = new();
    private int _asked;

    public bool Allows(IPAddress address) => Interlocked.Increment(ref _asked) == 1 || _policy.Allows(address);
}
