namespace ImageResize.Core.Sources.Blobs;

/// <summary>A blob as a listing describes it.</summary>
/// <param name="IsFolderMarker">Whether the blob stands for a folder, as some tools and hierarchical namespaces have it.</param>
internal sealed record ListedBlob(string Name, string? ContentType, bool IsFolderMarker)
{
    /// <summary>The ETag.</summary>
    public string Version { get; init; } = "";
}

/// <summary>A blob that is being read.</summary>
/// <param name="Content">Seekable.</param>
/// <param name="ContentEncoding">As stored; empty if there is none.</param>
internal sealed record OpenedBlob(Stream Content, string ContentEncoding);
