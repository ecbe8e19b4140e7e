using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Metadata;
using ImageResize.Core.Imaging.Vips;
using ImageResize.Core.Telemetry;
using NetVips;

namespace ImageResize.Core.Imaging.Operations;

/// <summary>
/// Decodes one source to several sizes with as few decodes as possible. Ask for the largest first: an image at least twice as large
/// replaces the source (libvips leaves the last halving to the resize as well), so the source is not decoded again.
/// </summary>
internal sealed class DecodedImages(Format format, ReadOnlyMemory<byte> file, ImageHeader header) : IDisposable
{
    private readonly List<DecodedImage> _images = [];

    /// <param name="width">Of the upright image, in pixels.</param>
    /// <param name="height">Of the upright image, in pixels.</param>
    /// <returns>An upright image in memory, which this object disposes of.</returns>
    public Image Get(int width, int height, int frames, bool keepProfile, CancellationToken cancellationToken)
    {
        var larger = _images
            .Where(image => image.Frames == frames && image.KeepsProfile == keepProfile && image.CanReplaceSource(width, height))
            .MinBy(image => image.Image.Width);
        if (larger is not null && larger.HasSize(width, height))
        {
            return larger.Image;
        }

        var decoded = larger?.Shrink(width, height) ?? Decode(width, height, frames, keepProfile, cancellationToken);
        _images.Add(new DecodedImage(decoded, frames, keepProfile));
        return decoded;
    }

    public Copyright? FindCopyright() => format.FindCopyright(file);

    public void Dispose() => _images.ForEach(image => image.Image.Dispose());

    private Image Decode(int width, int height, int frames, bool keepProfile, CancellationToken cancellationToken)
    {
        var isTurned = header.SwapsSides;
        var request = new DecodeRequest(file, header, isTurned ? height : width, isTurned ? width : height, frames, keepProfile);
        using var step = MeasuredStep.Decode.Start(format.Id.GetName());
        using var decoded = format.Decode(request, cancellationToken);

        return frames > 1 && header.Orientation == 1
            ? decoded.Copy()
            : FrameStack.Map(decoded, frames, frame => Orientation.Apply(frame, header.Orientation));
    }

    private sealed record DecodedImage(Image Image, int Frames, bool KeepsProfile)
    {
        private int Height => Image.Height / Frames;

        public bool HasSize(int width, int height) => Image.Width == width && Height == height;

        public bool CanReplaceSource(int width, int height) =>
            HasSize(width, height) || (Image.Width >= 2 * width && Height >= 2 * height);

        public Image Shrink(int width, int height)
        {
            using var lazy = Libvips.Resize(Image, width, height);
            return lazy.CopyMemory();
        }
    }
}
