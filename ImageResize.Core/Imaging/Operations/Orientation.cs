using NetVips;

namespace ImageResize.Core.Imaging.Operations;

/// <summary>Turns and mirrors an image upright.</summary>
internal static class Orientation
{
    /// <param name="orientation">
    /// EXIF orientation, 1 to 8, as the header was read: libvips reads other tags, or the same tags differently, and a thumbnail has the
    /// orientation that measuring reports.
    /// </param>
    /// <returns>A new image.</returns>
    public static Image Apply(Image image, int orientation)
    {
        using var tagged = image.Mutate(copy => copy.Set(GValue.GIntType, "orientation", orientation));
        return tagged.Autorot();
    }
}
