using ImageResize.Core.Imaging.Formats;

namespace ImageResize.Core.Imaging.Operations;

/// <summary>A finished thumbnail: the encoded bytes and what they hold.</summary>
public sealed record Thumbnail(ReadOnlyMemory<byte> Bytes, ImageFormat Format, int Width, int Height);
