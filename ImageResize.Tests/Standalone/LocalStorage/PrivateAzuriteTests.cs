using Azure;
using Azure.Data.Tables;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Storage;

namespace ImageResize.Tests.Standalone.LocalStorage;

/// <summary>The behavior of Azurite that the outage tests rely on.</summary>
public sealed class PrivateAzuriteTests(Azurite shared)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_restarted_Azurite_has_its_data_and_address()
    {
        await using var azurite = await PrivateAzurite.StartAsync(Cancellation);
        var table = await CreateTableAsync(azurite.ConnectionString);
        await table.AddEntityAsync(new TableEntity("a", "1"), Cancellation);

        await azurite.StopAsync();
        await azurite.RestartAsync(Cancellation);

        Assert.True((await table.GetEntityIfExistsAsync<TableEntity>("a", "1", cancellationToken: Cancellation)).HasValue);
    }

    [Fact]
    public async Task The_requests_to_an_Azurite_are_counted()
    {
        await using var azurite = await PrivateAzurite.StartAsync(Cancellation);
        var table = await CreateTableAsync(azurite.ConnectionString);

        await table.AddEntityAsync(new TableEntity("a", "1"), Cancellation);
        await azurite.StopAsync();

        Assert.Single(azurite.Requests, line => line.Contains($"POST /devstoreaccount1/{table.Name}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_frozen_Azurite_accepts_connections_and_answers_after_it_is_resumed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows cannot freeze a process.");
        await using var azurite = await PrivateAzurite.StartAsync(Cancellation);
        var table = await CreateTableAsync(azurite.ConnectionString);

        await azurite.FreezeAsync();
        var adding = table.AddEntityAsync(new TableEntity("a", "1"), Cancellation);
        await Assert.ThrowsAsync<TimeoutException>(() => adding.WaitAsync(TimeSpan.FromSeconds(1), Cancellation));
        await azurite.ThawAsync();

        Assert.Equal(204, (await adding).Status);
    }

    [Fact]
    public async Task The_shared_Azurite_is_used_with_names_unique_to_each_test()
    {
        var table = await CreateTableAsync(shared.ConnectionString);

        var again = new TableServiceClient(shared.ConnectionString).CreateTableAsync(table.Name, Cancellation);

        Assert.Equal(409, (await Assert.ThrowsAsync<RequestFailedException>(() => again)).Status);
    }

    private static async Task<TableClient> CreateTableAsync(string connectionString)
    {
        var table = new TableClient(connectionString, Azurite.UniquePrefix());
        await table.CreateAsync(Cancellation);
        return table;
    }
}
