using Microsoft.AspNetCore.Http.Metadata;

namespace ImageResize.Functions.Http;

/// <summary>The most bytes that the body of a request to an endpoint may have; Kestrel's own default is 30,000,000.</summary>
internal sealed class RequestLimit(long bytes) : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize { get; } = bytes;
}
