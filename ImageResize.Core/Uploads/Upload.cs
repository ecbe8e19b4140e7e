using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Uploads;

namespace ImageResize.Core.Uploads;

/// <summary>A stored upload.</summary>
/// <param name="Size">As read from the header.</param>
/// <param name="Bytes">The length of the file.</param>
public sealed record Upload(UploadId Id, ImageSize Size, long Bytes)
{
    /// <summary>The name of the file, if its caller sent it.</summary>
    public string? Name { get; init; }

    public SourceUri Source => UploadSource.SourceOf(Id);

    /// <returns>Null if the size is not stored.</returns>
    internal static Upload? Of(UploadId id, UploadProperties stored) =>
        StoredSize.Find(stored.Properties) is { } size
            ? new Upload(id, size, stored.Bytes) { Name = StoredName.Find(stored.Properties) }
            : null;
}
