using Microsoft.AspNetCore.Http.Metadata;

namespace ImageResize.Functions.Http.Metadata;

/// <summary>The maximum size of a request body of an endpoint. Without it, Kestrel's default of 30,000,000 bytes applies.</summary>
internal sealed class RequestSizeLimit(long bytes) : IRequestSizeLimitMetadata
{
    /// <summary>Kestrel's default.</summary>
    public const long DefaultBytes = 30_000_000;

    public long? MaxRequestBodySize { get; } = bytes;

    /// <summary>
    /// Whether the endpoint stores uploads, which have rate limits of their own. Direct requests have a limit of their number instead.
    /// </summary>
    public bool IsUpload { get => field || (bytes > DefaultBytes && IsStored); init; }

    public bool IsStored { get; init; } = true;
}
