using Azure.Core.Pipeline;
using Azure.Data.Tables;
using ImageResize.Core.Idempotency;
using ImageResize.Core.Storage;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Storage;

public sealed class TableKeyStoreTests(Azurite azurite) : KeyStoreTests
{
    private readonly IdempotencyKey _key = IdempotencyKey.Of("", Guid.NewGuid().ToString());

    internal override IKeyStore Store { get; } = StoreOf(StorageAccount.ByConnectionString(azurite.ConnectionString).OpenTables());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_age_is_counted_by_the_services_clock_and_not_by_ours()
    {
        using var ahead = new HttpClient(new ClockAhead(TimeSpan.FromHours(1)));
        var options = new TableClientOptions { Transport = new HttpClientTransport(ahead) };
        var store = StoreOf(new TableServiceClient(azurite.ConnectionString, options));
        await store.FindAddedAsync(_key, new KeyState(), Token);

        await store.RemoveOlderAsync(TimeSpan.FromHours(2), Token);
        Assert.InRange((await store.FindAsync(_key, Token))!.Age, TimeSpan.FromMinutes(59), TimeSpan.FromHours(2));

        await store.RemoveOlderAsync(TimeSpan.FromMinutes(30), Token);
        Assert.Null(await store.FindAsync(_key, Token));
    }

    private static TableKeyStore StoreOf(TableServiceClient tables) =>
        new(tables, Options.Create(new StorageOptions { TablePrefix = Azurite.UniquePrefix() }));

    /// <summary>A service whose answers come from later than its rows: ours is the only clock that says they do not.</summary>
    private sealed class ClockAhead(TimeSpan time) : DelegatingHandler(new HttpClientHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            response.Headers.Date += time;

            return response;
        }
    }
}
