namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>Size of a JPEG as stored, and its EXIF orientation, 1 to 8.</summary>
internal readonly record struct JpegHeader(int Width, int Height, int Orientation);
