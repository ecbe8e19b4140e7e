using ImageResize.Core.Imaging.Formats;

namespace ImageResize.Core.Imaging.Operations;

/// <summary>A finished thumbnail.</summary>
/// <param name="Bytes">The encoded file.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
public sealed record Thumbnail(ReadOnlyMemory<byte> Bytes, ImageFormat Format, int Width, int Height)
{
    /// <summary>How the thumbnail differs from what was asked for, for people; null if it does not.</summary>
    public string? Note { get; init; }
}
