namespace ImageResize.Functions.Development;

/// <summary>Where Azurite's three services listen on loopback.</summary>
internal sealed record AzuritePorts(int Blob, int Queue, int Table)
{
    // Azurite's only account; name and key are public and the same everywhere.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>The ports that <c>UseDevelopmentStorage=true</c> stands for.</summary>
    public static AzuritePorts WellKnown { get; } = new(10_000, 10_001, 10_002);

    /// <summary>Whichever the system has free.</summary>
    public static AzuritePorts Any { get; } = new(0, 0, 0);

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};" +
        $"BlobEndpoint=http://127.0.0.1:{Blob}/{Account};" +
        $"QueueEndpoint=http://127.0.0.1:{Queue}/{Account};" +
        $"TableEndpoint=http://127.0.0.1:{Table}/{Account};";
}
