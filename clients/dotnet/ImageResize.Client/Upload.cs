namespace ImageResize.Client;

/// <summary>An uploaded image.</summary>
/// <param name="Source">The source, <c>upload://...</c>, that jobs and batches accept.</param>
/// <param name="Width">In pixels, as stored.</param>
/// <param name="Height">In pixels, as stored.</param>
/// <param name="Format">Such as <c>jpeg</c>. Detected from the bytes.</param>
/// <param name="Bytes">Its size in bytes.</param>
public sealed record Upload(string Source, int Width, int Height, string Format, long Bytes)
{
    /// <summary>When it was uploaded.</summary>
    public DateTimeOffset UploadedAt { get; init; }

    /// <summary>The name of the file, if it was sent.</summary>
    public string? Name { get; init; }

    /// <summary>How sources that are uploads start.</summary>
    public const string Scheme = "upload://";
}

/// <summary>A page of uploads.</summary>
internal sealed record UploadPage(IReadOnlyList<Upload> Value, string? NextLink);
