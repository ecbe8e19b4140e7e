using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Metadata;
using ImageResize.Core.Imaging.Vips;
using NetVips;

namespace ImageResize.Core.Imaging.Operations;

/// <summary>
/// One source's picture in several sizes. Ask for the largest first: a picture at least twice as large serves as well as
/// the source (libvips, too, leaves the last halving to the resize), and then nothing is decoded again.
/// </summary>
internal sealed class Decoder(ReadOnlyMemory<byte> source, ImageHeader header) : IDisposable
{
    private readonly List<Picture> _pictures = [];

    /// <returns>An image that this decoder closes.</returns>
    public Image Resize(TargetSize size, int frames, bool keepProfile, CancellationToken cancellationToken)
    {
        var larger = _pictures
            .Where(picture => picture.Frames == frames && picture.KeepsProfile == keepProfile && picture.Serves(size))
            .MinBy(picture => picture.Image.Width);

        if (larger is not null && larger.Has(size))
        {
            return larger.Image;
        }

        var image = larger?.Shrink(size) ?? PixelReader.Read(source, header, size, frames, keepProfile, cancellationToken);
        _pictures.Add(new Picture(image, frames, keepProfile));
        return image;
    }

    public Copyright? FindCopyright()
    {
        if (header.Format == ImageFormat.Bmp)
        {
            return null;
        }

        using var opened = PixelReader.Open(source);
        using var image = Libvips.Open(opened, header.Format);

        return Copyright.Find(image, source.Span, header.Format);
    }

    public void Dispose() => _pictures.ForEach(picture => picture.Image.Dispose());

    private sealed record Picture(Image Image, int Frames, bool KeepsProfile)
    {
        private int Height => Image.Height / Frames;

        public bool Has(TargetSize size) => Image.Width == size.Width && Height == size.Height;

        public bool Serves(TargetSize size) => Has(size) || (Image.Width >= 2 * size.Width && Height >= 2 * size.Height);

        public Image Shrink(TargetSize size)
        {
            using var lazy = Libvips.Resize(Image, size.Width, size.Height);
            return lazy.CopyMemory();
        }
    }
}
