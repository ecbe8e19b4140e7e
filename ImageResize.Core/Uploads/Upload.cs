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
    public SourceUri Source => UploadSource.SourceOf(Id);
}
