namespace ImageResize.Core.Imaging.Scheduling;

/// <summary>An image was stopped at its deadline. The machine may have been at fault.</summary>
public sealed class ImageTimeoutException() : Exception("The image took too long.");
