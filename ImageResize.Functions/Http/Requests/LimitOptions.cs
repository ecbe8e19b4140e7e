using System.ComponentModel.DataAnnotations;

namespace ImageResize.Functions.Http.Requests;

/// <summary>Limits of requests, for each caller and in total. Bound from <c>ImageResize:Limits</c>.</summary>
public sealed class LimitOptions
{
    /// <summary>
    /// Average requests per minute for each key. Requests slightly above it are delayed by up to a second. Standalone only.
    /// </summary>
    [Range(1, 10_000_000)]
    public int RequestsPerMinute { get; init; } = 3_000;

    /// <summary>Requests at once for each key. Standalone only.</summary>
    [Range(1, 1_000_000)]
    public int Burst { get; init; } = 300;

    /// <summary>Uploaded images and manifests per minute for each key. Standalone only.</summary>
    [Range(1, 1_000_000)]
    public int UploadsPerMinute { get; init; } = 600;

    /// <summary>Concurrent uploads for each caller; some more are queued. Standalone only.</summary>
    [Range(1, 10_000)]
    public int ConcurrentUploads { get; init; } = 8;

    /// <summary>Concurrent long requests for each caller: events, archives and requests with <c>wait</c>. Standalone only.</summary>
    [Range(1, 100_000)]
    public int ConcurrentWaits { get; init; } = 200;

    /// <summary>Standalone only.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>
    /// Connections of one address, or of one IPv6 network of 64 bits. Requests through a proxy have the proxy's address: behind one, set
    /// this to <see cref="MaxConnections"/>. Standalone only.
    /// </summary>
    [Range(1, 1_000_000)]
    public int ConnectionsPerAddress { get; init; } = 1_000;

    /// <summary>The time to receive a request's first line and headers. Standalone only.</summary>
    [Range(1, 600)]
    public int HeadersSeconds { get; init; } = 15;

    /// <summary>
    /// The time that a connection may be idle. A proxy that keeps connections open should close them earlier. Standalone only.
    /// </summary>
    [Range(1, 3_600)]
    public int KeepAliveSeconds { get; init; } = 20;

    /// <summary>The time that a caller may read nothing of a large response.</summary>
    [Range(1, 3_600)]
    public int AnswerSeconds { get; init; } = 30;
}
