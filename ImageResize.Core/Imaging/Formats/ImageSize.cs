namespace ImageResize.Core.Imaging.Formats;

/// <summary>The properties of an image that its header tells, before any pixel is decoded.</summary>
/// <param name="Width">In pixels, as stored: before the EXIF orientation is applied.</param>
/// <param name="Height">In pixels, as stored.</param>
/// <param name="Orientation">EXIF orientation, 1 to 8; 1 if the image has none.</param>
/// <param name="Format">Recognized by the bytes, never by a name.</param>
public sealed record ImageSize(int Width, int Height, int Orientation, ImageFormat Format);
