namespace ImageResize.Client;

/// <summary>Where the service is and how the client calls it.</summary>
public sealed class ImageResizeClientOptions
{
    /// <summary>The address of the service. The default is that of a service started by <c>dotnet run</c>.</summary>
    public Uri Address { get; set; } = new("http://127.0.0.1:7071");

    /// <summary>The key, sent as <c>x-functions-key</c>. A local service in Development needs none.</summary>
    public string? Key { get; set; }

    /// <summary>
    /// How long a request is repeated after 429, 503 and network faults, counting the waits that the service asks for by
    /// <c>Retry-After</c>. If the service asks for a longer wait, such as until the next day, the request fails at once. Zero turns
    /// repetition off.
    /// </summary>
    public TimeSpan MaxRetryTime { get; set; } = TimeSpan.FromMinutes(2);
}
