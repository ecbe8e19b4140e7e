namespace ImageResize.Core.Sources;

/// <summary>The source was not read, because others are being read from the same server. Not a fault: the job tries again.</summary>
public sealed class SourceBusyException() : Exception("Other images of the same server are being read.");
