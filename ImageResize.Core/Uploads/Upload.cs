using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Formats;

namespace ImageResize.Core.Uploads;

/// <summary>An image that was uploaded, checked and stored.</summary>
/// <param name="Size">As its header says.</param>
/// <param name="Bytes">How many it has.</param>
public sealed record Upload(UploadId Id, ImageSize Size, long Bytes)
{
    public string Source => UploadSource.Scheme + Id;
}
