namespace ImageResize.Client;

/// <summary>A thumbnail that a request answered with.</summary>
/// <param name="Bytes">The image.</param>
/// <param name="ContentType">Such as <c>image/jpeg</c>.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
public sealed record Thumbnail(ReadOnlyMemory<byte> Bytes, string ContentType, int Width, int Height)
{
    /// <summary>How the thumbnail differs from what was asked for.</summary>
    public string? Note { get; init; }
}
