namespace ImageResize.Core.Imaging;

/// <summary>A picture has been stopped at its deadline. It may have been the machine's fault.</summary>
public sealed class ImageOverrunException() : Exception("A picture took too long.");
