using System.Diagnostics.CodeAnalysis;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>What one thread needs to make thumbnails, kept from picture to picture.</summary>
internal sealed class JpegFastPathWorker
{
    /// <summary>libjpeg knows no longer ones.</summary>
    private const int LongestSide = 65_500;

    private readonly JpegDecoder _decoder = new();
    private readonly ThumbnailPlanes _planes = new();

    public ImageHeader? FindHeader(ReadOnlySpan<byte> start)
    {
        if (!_decoder.TryMeasure(start) || Math.Max(_decoder.Frame.Width, _decoder.Frame.Height) > LongestSide)
        {
            return null;
        }

        return new ImageHeader(ImageFormat.Jpeg, _decoder.Frame.Width, _decoder.Frame.Height, _decoder.Metadata.Orientation);
    }

    /// <summary>Whether a sound file would be made by <see cref="TryMake"/>: by its header alone.</summary>
    public bool IsFor(ReadOnlySpan<byte> source, int boxWidth, int boxHeight, Fit fit, long maxPixels) =>
        TryPrepare(source, boxWidth, boxHeight, fit, maxPixels, stackalloc int[3], out _);

    public bool TryMake(
        ReadOnlySpan<byte> source,
        int boxWidth,
        int boxHeight,
        Fit fit,
        long maxPixels,
        CancellationToken cancellationToken,
        [NotNullWhen(true)] out ThumbnailPlanes? planes)
    {
        planes = null;
        Span<int> scales = stackalloc int[3];
        if (!TryPrepare(source, boxWidth, boxHeight, fit, maxPixels, scales, out var size))
        {
            return false;
        }

        try
        {
            if (!_decoder.TryDecode(source, scales, cancellationToken))
            {
                return false;
            }

            _planes.Read(_decoder, _decoder.Metadata.Orientation, size);
            planes = _planes;
            return true;
        }
        finally
        {
            _decoder.Release();
        }
    }

    private bool TryPrepare(
        ReadOnlySpan<byte> source, int boxWidth, int boxHeight, Fit fit, long maxPixels, Span<int> scales, out FittedSize size)
    {
        size = default;
        if (!_decoder.TryReadHeader(source) || (long)_decoder.Frame.Width * _decoder.Frame.Height > maxPixels)
        {
            return false;
        }

        var frame = _decoder.Frame;
        var isOnSide = UprightGrid.SwapsSides(_decoder.Metadata.Orientation);
        size = isOnSide
            ? FittedSize.Of(frame.Height, frame.Width, boxWidth, boxHeight, fit)
            : FittedSize.Of(frame.Width, frame.Height, boxWidth, boxHeight, fit);
        var (width, height) = isOnSide ? (size.ScaledHeight, size.ScaledWidth) : (size.ScaledWidth, size.ScaledHeight);
        return ShrinkOnLoad.TryChoose(frame, _decoder.IsRgb, width, height, scales);
    }
}
