namespace ImageResize.Functions.Http.Metadata;

/// <summary>Marks an endpoint whose response can be larger than the buffers of a connection.</summary>
internal sealed class LargeResponse;
