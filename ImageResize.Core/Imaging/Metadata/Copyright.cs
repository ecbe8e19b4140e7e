using NetVips;

namespace ImageResize.Core.Imaging.Metadata;

/// <summary>The copyright notice and the author of an image: the metadata that a thumbnail can keep.</summary>
internal sealed record Copyright(string? Notice, string? Author)
{
    private const string Exif = "exif-data";
    private const string Xmp = "xmp-data";
    private const string Iptc = "iptc-data";

    /// <summary>Searches EXIF, then XMP, then IPTC. Each of the two texts comes from the first place that has it.</summary>
    public static Copyright? Find(Image image, ReadOnlySpan<byte> exifBlock)
    {
        var exif = ExifBlock.Find(exifBlock);
        var xmp = XmpPacket.Find(Blob(image, Xmp));
        var iptc = IptcBlock.Find(Blob(image, Iptc));
        var found = new Copyright(
            exif.Notice ?? xmp.Notice ?? iptc.Notice,
            exif.Author ?? xmp.Author ?? iptc.Author);

        return found == new Copyright(null, null) ? null : found;
    }

    /// <returns>The EXIF block, or empty.</returns>
    public static byte[] GetExif(Image image) => Blob(image, Exif);

    /// <returns>A new image with this as its only metadata except the colour profile.</returns>
    public Image AttachTo(Image image) => image.Mutate(copy =>
    {
        foreach (var field in image.GetFields().Where(IsMetadata))
        {
            copy.Remove(field);
        }

        copy.Set(GValue.BlobType, Exif, ExifBlock.Write(this));
        copy.Set(GValue.BlobType, Xmp, XmpPacket.Write(this));
    });

    private static bool IsMetadata(string field) =>
        field is Xmp or Iptc or "orientation" || field.StartsWith("exif-", StringComparison.Ordinal);

    private static byte[] Blob(Image image, string field) => image.Contains(field) && image.Get(field) is byte[] blob ? blob : [];
}
