using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>What one thread needs to make thumbnails, kept from picture to picture.</summary>
internal sealed class JpegFastPathWorker
{
    private readonly JpegDecoder _decoder = new();

    /// <summary>For luma and for chroma: their planes differ in size, but seldom from one picture to the next.</summary>
    private readonly LanczosResizer _luma = new();
    private readonly LanczosResizer _chroma = new();

    public bool TryMake(
        ReadOnlySpan<byte> source,
        int boxWidth,
        int boxHeight,
        Fit fit,
        long maxPixels,
        CancellationToken cancellationToken,
        [NotNullWhen(true)] out JpegPixels? pixels)
    {
        pixels = null;
        if (!_decoder.TryReadHeader(source) || (long)_decoder.Frame.Width * _decoder.Frame.Height > maxPixels)
        {
            return false;
        }

        var frame = _decoder.Frame;
        var orientation = _decoder.Metadata.Orientation;
        var isOnSide = UprightView.SwapsSides(orientation);
        var size = isOnSide
            ? FittedSize.Of(frame.Height, frame.Width, boxWidth, boxHeight, fit)
            : FittedSize.Of(frame.Width, frame.Height, boxWidth, boxHeight, fit);
        var (width, height) = isOnSide ? (size.ScaledHeight, size.ScaledWidth) : (size.ScaledWidth, size.ScaledHeight);

        Span<int> scales = stackalloc int[3];
        if (!ShrinkOnLoad.TryChoose(frame, width, height, scales))
        {
            return false;
        }

        try
        {
            if (!_decoder.TryDecode(source, scales, cancellationToken))
            {
                return false;
            }

            var view = UprightView.Of(orientation, width, height, size.Width, size.Height);
            pixels = MakePixels(width, height, view);
            return true;
        }
        finally
        {
            _decoder.Release();
        }
    }

    /// <summary>Each plane goes straight from its own size to the thumbnail's; colours are converted only there.</summary>
    private JpegPixels MakePixels(int width, int height, in UprightView view)
    {
        var components = _decoder.Frame.Components;
        var length = width * height;
        var planes = ArrayPool<byte>.Shared.Rent(components.Length * length);
        for (var index = 0; index < components.Length; index++)
        {
            var resizer = index == 0 ? _luma : _chroma;
            resizer.Resize(components[index], planes.AsSpan(index * length, length), width, height);
        }

        var pixels = new JpegPixels(view.Width, view.Height, components.Length);
        if (components.Length == 1)
        {
            JpegColour.WriteGrey(planes.AsSpan(0, length), view, pixels.Bytes.Span);
        }
        else
        {
            JpegColour.WriteRgb(planes.AsSpan(0, 3 * length), !_decoder.IsRgb, view, pixels.Bytes.Span);
        }

        ArrayPool<byte>.Shared.Return(planes);
        return pixels;
    }
}
