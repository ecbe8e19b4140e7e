namespace ImageResize.Client;

/// <summary>The size of an image.</summary>
/// <param name="Width">In pixels, as stored: before the EXIF orientation is applied.</param>
/// <param name="Height">In pixels, as stored.</param>
/// <param name="Orientation">EXIF orientation; 1 if the image has none.</param>
/// <param name="Format">Such as <c>jpeg</c>. Detected from the bytes.</param>
public sealed record ImageSize(int Width, int Height, int Orientation, string Format);
