namespace ImageResize.Core.Errors;

/// <summary>The source was replaced or deleted while it was read. Not a fault: a job tries again, and reads what is there then.</summary>
public sealed class SourceChangedException(Exception? cause = null) : Exception("The source changed while it was read.", cause);
