using ImageResize.Core.Imaging.Formats;
using NetVips;

namespace ImageResize.Core.Imaging.Metadata;

/// <summary>Whose picture it is: the one piece of metadata worth carrying on to a thumbnail.</summary>
internal sealed record Copyright(string? Notice, string? Author)
{
    private const string Exif = "exif-data";
    private const string Xmp = "xmp-data";
    private const string Iptc = "iptc-data";

    /// <summary>Looks in EXIF, then XMP, then IPTC; each of the two texts comes from the first place that has it.</summary>
    public static Copyright? Find(Image image, ReadOnlySpan<byte> source, ImageFormat format)
    {
        // A TIFF is itself what an EXIF block holds, so the same reader serves; libvips does not hand these tags out.
        var exif = ExifBlock.Find(format == ImageFormat.Tiff ? source : Blob(image, Exif));
        var xmp = XmpPacket.Find(Blob(image, Xmp));
        var iptc = IptcBlock.Find(Blob(image, Iptc));
        var found = new Copyright(
            exif.Notice ?? xmp.Notice ?? iptc.Notice,
            exif.Author ?? xmp.Author ?? iptc.Author);

        return found == new Copyright(null, null) ? null : found;
    }

    /// <returns>The image with this as its only metadata, the colour profile apart.</returns>
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
