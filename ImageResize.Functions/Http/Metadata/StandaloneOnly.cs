namespace ImageResize.Functions.Http.Metadata;

/// <summary>Marks an endpoint that does not exist under the Functions host.</summary>
internal sealed class StandaloneOnly;
