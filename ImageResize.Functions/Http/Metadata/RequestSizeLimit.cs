using Microsoft.AspNetCore.Http.Metadata;

namespace ImageResize.Functions.Http.Metadata;

/// <summary>The maximum size of a request body of an endpoint. Without it, Kestrel's default of 30,000,000 bytes applies.</summary>
internal sealed class RequestSizeLimit(long bytes) : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize { get; } = bytes;
}
