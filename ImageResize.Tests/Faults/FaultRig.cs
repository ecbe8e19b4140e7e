using System.Text.Json;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Messages;
using ImageResize.Core.Storage;
using ImageResize.Core.Storage.Queues;
using ImageResize.FaultyApp;
using ImageResize.Functions.Http.Batches;
using ImageResize.Functions.Http.Requests;
using ImageResize.Tests.Faults.Apps;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;

namespace ImageResize.Tests.Faults;

/// <summary>
/// An images folder, names in a storage account, and the program that uses them, standalone or under the host's double.
/// </summary>
internal sealed class FaultRig(string connectionString, PublishedApp? published = null) : IDisposable
{
    private readonly TemporaryFolder _app = new();

    public TemporaryFolder Images { get; } = new();

    public string Name { get; } = Azurite.UniquePrefix();

    /// <summary>In production, 60 seconds.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(6);

    public int DeadlineSeconds { get; init; } = 8;

    /// <summary>Additional settings.</summary>
    public Dictionary<string, string> More { get; } = [];

    private QueueServiceClient Queues => StorageAccount.ByConnectionString(connectionString).OpenQueues();

    private Dictionary<string, string> Settings => new(More)
    {
        ["AzureWebJobsStorage"] = connectionString,
        ["ImageResize__Sources__ImagesRoot"] = Images.Path,
        ["ImageResize__Storage__TablePrefix"] = Name,
        ["ImageResize__Storage__WorkQueue"] = Name,
        ["ImageResize__Imaging__DeadlineSeconds"] = DeadlineSeconds.ToString(),
        [FaultyProgram.LeaseSeconds] = Lease.TotalSeconds.ToString(),
    };

    public async Task<IRestartedApp> StartAsync(bool underHost) =>
        underHost ? await StartUnderHostAsync() : await StartStandaloneAsync();

    /// <param name="launcher">A command that runs the program in the same process.</param>
    public Task<StandaloneApp> StartStandaloneAsync(params string[] launcher) =>
        StandaloneApp.StartAsync("ImageResize.FaultyApp", Settings, launcher);

    public Task<HostedApp> StartUnderHostAsync()
    {
        // The published function app, with the faulty program instead of the real one.
        Assert.NotNull(published);
        foreach (var file in Directory.EnumerateFiles(published.Root, "*", SearchOption.AllDirectories))
        {
            _app.Write(Path.GetRelativePath(published.Root, file), File.ReadAllBytes(file));
        }

        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "ImageResize.FaultyApp.*"))
        {
            File.Copy(file, _app[Path.GetFileName(file)], overwrite: true);
        }

        var worker = File.ReadAllText(_app["worker.config.json"]);
        File.WriteAllText(
            _app["worker.config.json"], worker.Replace("ImageResize.Functions.dll", "ImageResize.FaultyApp.dll", StringComparison.Ordinal));

        var setup = new HostSetup { Lease = Lease, WorkQueue = Name, VisibilityTimeout = TimeSpan.FromSeconds(1) };

        return HostedApp.StartAsync(new FunctionApp(_app.Path), Settings, setup);
    }

    /// <summary>Submits a folder.</summary>
    public static async Task<string> SubmitFolderAsync(IRestartedApp app, string folder)
    {
        var (status, body) = await app.SendAsync(HttpMethod.Post, $"/imageapi?imagePath={folder}");
        Assert.Equal(200, status);

        return JsonDocument.Parse(body).RootElement.GetProperty("batchId").GetString()!;
    }

    /// <returns>Null while the program does not answer.</returns>
    public static async Task<BatchReply?> FindBatchAsync(IRestartedApp app, string batch)
    {
        try
        {
            var (status, body) = await app.SendAsync(HttpMethod.Get, $"/v1/batches/{batch}");

            return status == 200 ? JsonSerializer.Deserialize<BatchReply>(body, s_json) : null;
        }
        catch (Exception unavailable) when (unavailable is HttpRequestException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Counts the stored results of a batch.</summary>
    public async Task<int> CountResultsAsync(string batch)
    {
        var (first, after) = (batch + "-", batch + ".");

        // The day of the id, because the program's clock can be set to another day.
        Assert.True(BatchId.TryParse(batch, out var id));

        return await StorageAccount.ByConnectionString(connectionString).OpenTables().GetTableClient($"{Name}{id.Day:yyyyMMdd}")
            .QueryAsync<TableEntity>(row => row.PartitionKey.CompareTo(first) >= 0 && row.PartitionKey.CompareTo(after) < 0)
            .CountAsync();
    }

    /// <summary>Sends a message in addition to those of the program.</summary>
    public Task PutAsync(WorkMessage message) =>
        new StorageQueue(Queues, Name, new ArrivalSignal()).SendAsync(message, TimeSpan.Zero, TestContext.Current.CancellationToken);

    /// <summary>Deletes the messages of both queues.</summary>
    public Task LoseMessagesAsync() => Task.WhenAll(((string[])[Name, Name + "-bulk"]).Select(async queue =>
        await Queues.GetQueueClient(queue).ClearMessagesAsync(TestContext.Current.CancellationToken)));

    /// <summary>Opens the only table, unless the test runs at midnight.</summary>
    public async Task<TableClient> OpenTableAsync()
    {
        var tables = StorageAccount.ByConnectionString(connectionString).OpenTables();
        var table = await tables.QueryAsync().SingleAsync(table => table.Name.StartsWith(Name + "2", StringComparison.Ordinal));

        return tables.GetTableClient(table.Name);
    }

    public void Dispose()
    {
        Images.Dispose();
        _app.Dispose();
    }

    private static readonly JsonSerializerOptions s_json = Json();

    private static JsonSerializerOptions Json()
    {
        var options = new Microsoft.AspNetCore.Http.Json.JsonOptions();
        ApiJson.Configure(options);

        return options.SerializerOptions;
    }
}
