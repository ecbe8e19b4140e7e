using System.Net;
using System.Text;
using Azure.Data.Tables;
using ImageResize.Core.Batches;
using ImageResize.FaultyApp;
using ImageResize.Functions.Standalone.LocalStorage;
using ImageResize.Tests.Faults.Apps;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;
using ImageResize.Tests.Support.Storage;

namespace ImageResize.Tests.Faults;

/// <summary>
/// The program with a proxy before its queues and one before its tables, which can kill it at a request. It is then started again.
/// </summary>
internal sealed class CrashRun : IAsyncDisposable
{
    private readonly FaultRig _rig;

    private CrashRun(FaultRig rig, StandaloneApp app, FaultyPort queue, FaultyPort table) =>
        (_rig, App, Queue, Table) = (rig, app, queue, table);

    public StandaloneApp App { get; }

    public FaultyPort Queue { get; }

    public FaultyPort Table { get; }

    public TemporaryFolder Images => _rig.Images;

    public static byte[] SmallImage { get; } = TestImages.Png(2, 2);

    public static string Measure(string source) => $$"""{ "source": "{{source}}", "actions": [ { "measure": {} } ] }""";

    /// <summary>Whether a message is sent to the queue of large batches.</summary>
    public bool IsBulkPut(string request) =>
        request.StartsWith($"POST /devstoreaccount1/{_rig.Name}-bulk/messages", StringComparison.Ordinal);

    public static async Task<CrashRun> StartAsync(Azurite azurite, IPEndPoint? receiver = null)
    {
        var ports = azurite.ConnectionString.Split(';').Where(part => part.Contains("Endpoint=http", StringComparison.Ordinal))
            .ToDictionary(part => part.Split('=')[0], part => new Uri(part.Split('=')[1]).Port);
        var (queue, table) = (new FaultyPort(ports["QueueEndpoint"]), new FaultyPort(ports["TableEndpoint"]));
        var rig = new FaultRig(new AzuritePorts(ports["BlobEndpoint"], queue.Port, table.Port).ConnectionString)
        {
            Lease = TimeSpan.FromSeconds(4),
            More = { ["ImageResize__Callbacks__Secrets"] = TestReceivers.Secret() },
        };
        if (receiver is not null)
        {
            rig.More[FaultyProgram.Receiver] = receiver.ToString();
        }

        return new CrashRun(rig, await rig.StartStandaloneAsync(), queue, table);
    }

    /// <param name="lines">One item of JSON a line.</param>
    public async Task SubmitAsync(string lines, string query = "")
    {
        using var body = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
        using var response = await App.Client.PostAsync("/v1/batches" + query, body);
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
    }

    public Task SubmitFolderAsync(string folder) => FaultRig.SubmitFolderAsync(App, folder);

    public Task WaitUntilReadyAsync() => Eventually.Async(async () =>
    {
        try
        {
            return (await App.SendAsync(HttpMethod.Get, "/health/ready")).Status == 200 ? "ready" : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    });

    public async Task<IReadOnlyList<TableEntity>> RowsAsync(string key) =>
        await (await _rig.OpenTableAsync()).QueryAsync<TableEntity>(row => row.RowKey == key, select: ["PartitionKey"]).ToListAsync();

    /// <summary>Asserts that the only batch has ended with a result for each job, after one crash.</summary>
    public async Task AssertEndedAsync(int jobs, int failed = 0)
    {
        var batch = Assert.Single(await RowsAsync("batch")).PartitionKey;
        var ended = await Eventually.Async(
            async () => await FaultRig.FindBatchAsync(App, batch) is { State: BatchState.Completed } over ? over : null,
            TimeSpan.FromMinutes(3));

        Assert.Equal((jobs, jobs - failed, failed), (ended.Total, ended.Counts.Succeeded, ended.Counts.Failed));
        Assert.Equal((jobs, 1), (await _rig.CountResultsAsync(batch), App.Exits));
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Queue.DisposeAsync();
        await Table.DisposeAsync();
        _rig.Dispose();
    }
}
