namespace ImageResize.Core.Imaging.Formats;

/// <summary>What an image's header says, before any pixel is decoded.</summary>
/// <param name="Width">In pixels, as stored: before the EXIF orientation is applied.</param>
/// <param name="Height">In pixels, as stored.</param>
/// <param name="Orientation">EXIF orientation, 1 to 8; 1 when the image has none.</param>
/// <param name="Format">Decided by the bytes, never by a name.</param>
public sealed record ImageSize(int Width, int Height, int Orientation, ImageFormat Format);
