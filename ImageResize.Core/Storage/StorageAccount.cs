using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using ImageResize.Core.Storage.Outages;

namespace ImageResize.Core.Storage;

/// <summary>Opens the storage account by its connection string, or by its name and the identity that we run as.</summary>
public sealed class StorageAccount
{
    private readonly string? _connectionString;
    private readonly string? _accountName;

    private StorageAccount(string? connectionString, string? accountName)
    {
        _connectionString = connectionString;
        _accountName = accountName;
    }

    /// <exception cref="FormatException">The text is no connection string.</exception>
    public static StorageAccount ByConnectionString(string connectionString)
    {
        var account = new StorageAccount(connectionString, accountName: null);
        _ = account.OpenQueues();

        return account;
    }

    public static StorageAccount ByIdentity(string accountName) => new(connectionString: null, accountName);

    public TableServiceClient OpenTables()
    {
        var options = Patient(new TableClientOptions());

        return _connectionString is not null
            ? new TableServiceClient(_connectionString, options)
            : new TableServiceClient(Endpoint("table"), new DefaultAzureCredential(), options);
    }

    public QueueServiceClient OpenQueues()
    {
        var options = Patient(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None });

        return _connectionString is not null
            ? new QueueServiceClient(_connectionString, options)
            : new QueueServiceClient(Endpoint("queue"), new DefaultAzureCredential(), options);
    }

    public BlobServiceClient OpenBlobs()
    {
        var options = Patient(new BlobClientOptions(), sendsFiles: true);

        return _connectionString is not null
            ? new BlobServiceClient(_connectionString, options)
            : new BlobServiceClient(Endpoint("blob"), new DefaultAzureCredential(), options);
    }

    private Uri Endpoint(string service) => new($"https://{_accountName}.{service}.core.windows.net");

    private static T Patient<T>(T options, bool sendsFiles = false)
        where T : ClientOptions
    {
        options.RetryPolicy = new PatientRetry();
        options.Retry.NetworkTimeout = PatiencePolicy.Worker;
        options.AddPolicy(new PatiencePolicy(sendsFiles), HttpPipelinePosition.PerCall);
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = false;

        return options;
    }
}
