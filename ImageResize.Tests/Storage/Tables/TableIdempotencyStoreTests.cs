using Azure.Core.Pipeline;
using Azure.Data.Tables;
using ImageResize.Core.Idempotency;
using ImageResize.Core.Storage;
using ImageResize.Core.Storage.Tables;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Storage.Tables;

public sealed class TableIdempotencyStoreTests(Azurite azurite) : IdempotencyStoreTests
{
    private readonly IdempotencyKey _key = IdempotencyKey.Of("", Guid.NewGuid().ToString());

    internal override IIdempotencyStore Store { get; } = StoreOf(StorageAccount.ByConnectionString(azurite.ConnectionString).OpenTables());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ages_are_measured_by_the_clock_of_the_service()
    {
        using var ahead = new HttpClient(new ClockAhead(TimeSpan.FromHours(1)));
        var options = new TableClientOptions { Transport = new HttpClientTransport(ahead) };
        var store = StoreOf(new TableServiceClient(azurite.ConnectionString, options));
        await store.TryAddAsync(_key, new KeyState(), Token);

        await store.RemoveOlderAsync(TimeSpan.FromHours(2), Token);
        Assert.InRange((await store.FindAsync(_key, Token))!.Age, TimeSpan.FromMinutes(59), TimeSpan.FromHours(2));

        await store.RemoveOlderAsync(TimeSpan.FromMinutes(30), Token);
        Assert.Null(await store.FindAsync(_key, Token));
    }

    private static TableIdempotencyStore StoreOf(TableServiceClient tables) =>
        new(tables, Options.Create(new StorageOptions { TablePrefix = Azurite.UniquePrefix() }));

    /// <summary>Makes the responses of the service look as if its clock had advanced since the rows were written.</summary>
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
