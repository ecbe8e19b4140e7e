namespace ImageResize.Functions.Http.Metadata;

/// <summary>Marks an endpoint whose response takes as long as its batch.</summary>
internal sealed class LongRunning;
