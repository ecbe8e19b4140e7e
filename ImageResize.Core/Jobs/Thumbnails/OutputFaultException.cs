namespace ImageResize.Core.Jobs.Thumbnails;

/// <summary>The place for thumbnails takes none now: a fault, for it may pass. Callers read the message if it does not.</summary>
public sealed class OutputFaultException(string message, Exception fault) : IOException(message, fault);
