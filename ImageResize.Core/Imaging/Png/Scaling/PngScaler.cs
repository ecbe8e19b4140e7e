using ImageResize.Core.Imaging.Jpeg.Scaling;
using ImageResize.Core.Imaging.Png.Chunks;

namespace ImageResize.Core.Imaging.Png.Scaling;

/// <summary>
/// Resizes an image's rows to the planes of a thumbnail: to the means of boxes, and from there with Lanczos3. Chroma, which is stored at
/// half size, is resized from boxes of twice the side. Keeps its memory for the next image.
/// </summary>
internal sealed class PngScaler : IRowReceiver
{
    /// <summary>Means that are left for a pixel of the thumbnail, as for JPEGs (docs/decisions/jpeg-fast-path.md).</summary>
    private const double LeastShrink = 1.55;

    private readonly PixelRow _pixels = new();
    private readonly MeanRow _means = new();
    private readonly PlaneRows _luma = new();
    private readonly PlaneRows _cb = new();
    private readonly PlaneRows _cr = new();
    private readonly ScalerAxes _lumaAxes = new();
    private readonly ScalerAxes _chromaAxes = new();
    private byte[] _above = [];
    private bool _hasAbove;
    private int _width;
    private int _rowsLeft;
    private bool _hasMeans;

    public ThumbnailPlanes Planes { get; } = new();

    /// <summary>Whether all pixels were valid.</summary>
    public bool IsSound { get; private set; }

    /// <param name="background">The color behind transparent pixels, with red in the lowest byte.</param>
    public void Prepare(PngImage image, in FittedSize size, uint background)
    {
        (IsSound, _hasAbove) = (true, false);
        _width = image.Width;
        _rowsLeft = image.Height;
        _pixels.Prepare(image, background);
        var (across, down) = (BoxSide(image.Width, size.ScaledWidth), BoxSide(image.Height, size.ScaledHeight));
        _hasMeans = across * down > 1;
        if (_hasMeans)
        {
            _means.Prepare(image.Width, _pixels.PixelBytes, across, down);
        }

        Planes.Prepare(size.Width, size.Height, !image.IsGray);
        _lumaAxes.Prepare(image, (across, down), size, pixels: 1);
        _lumaAxes.Start(_luma, Planes.Luma);
        if (!image.IsGray)
        {
            _chromaAxes.Prepare(image, (2 * across, 2 * down), size, pixels: 2);
            _chromaAxes.Start(_cb, Planes.Cb);
            _chromaAxes.Start(_cr, Planes.Cr);
            if (_above.Length < (4 * image.Width) + ColorPlanes.Padding)
            {
                _above = GC.AllocateUninitializedArray<byte>((4 * image.Width) + ColorPlanes.Padding);
            }
        }
    }

    public void Add(ReadOnlySpan<byte> row)
    {
        IsSound &= _pixels.TryRead(row, out var pixels);
        _rowsLeft--;
        if (!_hasMeans)
        {
            AddPixels(pixels, _pixels.PixelBytes, _width);
            return;
        }

        _means.Add(pixels);
        if (_means.IsFull || _rowsLeft == 0)
        {
            AddPixels(_means.Take(), _means.PixelBytes, _means.Width);
        }
    }

    private static int BoxSide(int length, int scaled) => Math.Clamp((int)(length / (LeastShrink * scaled)), 1, MeanRow.MaxSide);

    private void AddPixels(ReadOnlySpan<byte> pixels, int pixelBytes, int width)
    {
        if (Planes.IsColor)
        {
            ColorPlanes.WriteLuma(pixels, pixelBytes, width, _luma.Next);
            AddChroma(pixels[..((width * pixelBytes) + ColorPlanes.Padding)], pixelBytes, width);
        }
        else
        {
            pixels[..width].CopyTo(_luma.Next);
        }

        _luma.Commit();
    }

    /// <summary>Every second row, with the one above. A last row without another is its own.</summary>
    private void AddChroma(ReadOnlySpan<byte> pixels, int pixelBytes, int width)
    {
        if (!_hasAbove && _rowsLeft > 0)
        {
            pixels.CopyTo(_above);
            _hasAbove = true;
            return;
        }

        ColorPlanes.WriteChroma(_hasAbove ? _above : pixels, pixels, pixelBytes, width, _cb.Next, _cr.Next);
        _cb.Commit();
        _cr.Commit();
        _hasAbove = false;
    }
}
