using Azure;
using Azure.Data.Tables;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Storage;

namespace ImageResize.Tests.Standalone.LocalStorage;

/// <summary>What the outage tests rely on.</summary>
public sealed class PrivateAzuriteTests(Azurite shared)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_comes_back_with_its_data_at_the_same_address()
    {
        await using var azurite = await PrivateAzurite.StartAsync(Cancellation);
        var table = await CreateTableAsync(azurite.ConnectionString);
        await table.AddEntityAsync(new TableEntity("a", "1"), Cancellation);

        await azurite.StopAsync();
        await azurite.RestartAsync(Cancellation);

        Assert.True((await table.GetEntityIfExistsAsync<TableEntity>("a", "1", cancellationToken: Cancellation)).HasValue);
    }

    [Fact]
    public async Task It_counts_what_it_was_asked()
    {
        await using var azurite = await PrivateAzurite.StartAsync(Cancellation);
        var table = await CreateTableAsync(azurite.ConnectionString);

        await table.AddEntityAsync(new TableEntity("a", "1"), Cancellation);
        await azurite.StopAsync();

        Assert.Single(azurite.Requests, line => line.Contains($"POST /devstoreaccount1/{table.Name}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Frozen_it_accepts_connections_and_answers_once_thawed()
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
    public async Task The_shared_one_answers_under_names_that_no_other_test_has()
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
