using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using ImageResize.Core.Storage.Resilience;

namespace ImageResize.Core.Storage;

/// <summary>Creates the clients of a storage account, with its connection string, or with its name and the process's identity.</summary>
public sealed class StorageAccount
{
    private readonly string? _connectionString;
    private readonly string? _accountName;

    private StorageAccount(string? connectionString, string? accountName)
    {
        _connectionString = connectionString;
        _accountName = accountName;
    }

    /// <exception cref="FormatException">The text is not a connection string.</exception>
    public static StorageAccount ByConnectionString(string connectionString)
    {
        var account = new StorageAccount(connectionString, accountName: null);
        _ = account.OpenQueues();

        return account;
    }

    public static StorageAccount ByIdentity(string accountName) => new(connectionString: null, accountName);

    public TableServiceClient OpenTables()
    {
        var options = Configure(new TableClientOptions(), "table");

        return _connectionString is not null
            ? new TableServiceClient(_connectionString, options)
            : new TableServiceClient(Endpoint("table"), new DefaultAzureCredential(), options);
    }

    public QueueServiceClient OpenQueues()
    {
        var options = Configure(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None }, "queue");

        return _connectionString is not null
            ? new QueueServiceClient(_connectionString, options)
            : new QueueServiceClient(Endpoint("queue"), new DefaultAzureCredential(), options);
    }

    public BlobServiceClient OpenBlobs()
    {
        var options = Configure(new BlobClientOptions(), "blob", sendsFiles: true);

        return _connectionString is not null
            ? new BlobServiceClient(_connectionString, options)
            : new BlobServiceClient(Endpoint("blob"), new DefaultAzureCredential(), options);
    }

    private Uri Endpoint(string service) => new($"https://{_accountName}.{service}.core.windows.net");

    private static T Configure<T>(T options, string service, bool sendsFiles = false)
        where T : ClientOptions
    {
        options.RetryPolicy = new TransientRetryPolicy();
        options.Retry.NetworkTimeout = RequestTimeoutPolicy.WorkerTimeout;
        options.AddPolicy(new RequestTimeoutPolicy(sendsFiles), HttpPipelinePosition.PerCall);
        options.AddPolicy(new StorageTelemetryPolicy(service), HttpPipelinePosition.PerRetry);
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = false;

        return options;
    }
}
