namespace ImageResize.Functions.Standalone.LocalStorage;

/// <summary>The loopback ports of Azurite's three services.</summary>
internal sealed record AzuritePorts(int Blob, int Queue, int Table)
{
    // Azurite's default account. Its name and key are public.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>The ports of <c>UseDevelopmentStorage=true</c>.</summary>
    public static AzuritePorts WellKnown { get; } = new(10_000, 10_001, 10_002);

    /// <summary>Any free ports.</summary>
    public static AzuritePorts Any { get; } = new(0, 0, 0);

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};" +
        $"BlobEndpoint=http://127.0.0.1:{Blob}/{Account};" +
        $"QueueEndpoint=http://127.0.0.1:{Queue}/{Account};" +
        $"TableEndpoint=http://127.0.0.1:{Table}/{Account};";
}
