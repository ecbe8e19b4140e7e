namespace ImageResize.Core.Sources.Thumbnails;

/// <summary>Thumbnails cannot be written now. A fault, because it may pass; the message is for the caller if it does not.</summary>
public sealed class ThumbnailStoreException(string message, Exception fault) : IOException(message, fault);
