using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Operations;

/// <summary>A spec worked out for one source: what is written, how large, from how many frames.</summary>
/// <param name="Place">Among the specs that were asked for together.</param>
internal sealed record ThumbnailPlan(ThumbnailSpec Spec, int Place, ImageFormat Format, TargetSize Size, int Frames)
{
    public bool KeepsProfile => Spec.Keep.HasFlag(KeptMetadata.ColourProfile);

    public bool KeepsCopyright => Spec.Keep.HasFlag(KeptMetadata.Copyright);

    public static ThumbnailPlan For(ThumbnailSpec spec, int place, ImageHeader header)
    {
        var format = spec.Format ?? header.Format;
        var moves = spec.Animated && CanMove(header.Format) && CanMove(format);
        var (width, height) = header.IsTurned ? (header.Height, header.Width) : (header.Width, header.Height);

        return new ThumbnailPlan(spec, place, format, TargetSize.For(spec, width, height), moves ? header.Frames : 1);
    }

    private static bool CanMove(ImageFormat format) => format is ImageFormat.Gif or ImageFormat.WebP;
}
