namespace ImageResize.Core.Imaging.Scheduling;

/// <summary>A picture has been stopped at its deadline. It may have been the machine's fault.</summary>
public sealed class ImageTimeoutException() : Exception("A picture took too long.");
