using ImageResize.Core.Imaging.Jpeg;
using ImageResize.Core.Imaging.Jpeg.Scaling;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Telemetry;

namespace ImageResize.Core.Imaging.FastPath;

/// <summary>
/// A JPEG decoded at a reduced scale, from which thumbnails are resized. Each thread has one, and keeps its memory from image to image.
/// </summary>
internal sealed class ShrunkJpeg : IDisposable
{
    private readonly JpegDecoder _decoder = JpegDecoder.OfThread;
    private readonly ThumbnailPlanes _planes = new();

    /// <summary>Decodes at the smallest scale that is enough for all specs.</summary>
    public bool TryDecode(
        ReadOnlySpan<byte> source, IReadOnlyList<ThumbnailSpec> specs, long maxPixels, CancellationToken cancellationToken)
    {
        Span<int> scales = stackalloc int[3];
        if (!_decoder.TryReadHeader(source)
            || (long)_decoder.Frame.Width * _decoder.Frame.Height > maxPixels
            || !TryChooseScales(specs, scales))
        {
            return false;
        }

        using var step = MeasuredStep.Decode.Start("jpeg");
        var isDecoded = false;
        try
        {
            return isDecoded = _decoder.TryDecode(source, scales, cancellationToken);
        }
        finally
        {
            if (!isDecoded)
            {
                Dispose();
            }
        }
    }

    /// <returns>Planes that the next call overwrites.</returns>
    public ThumbnailPlanes Resize(ThumbnailSpec spec)
    {
        _planes.Read(_decoder.Frame.Components, _decoder.IsRgb, _decoder.Metadata.Orientation, FitInBox(spec));
        return _planes;
    }

    /// <summary>Returns the samples to the pool.</summary>
    public void Dispose() => _decoder.Release();

    private bool TryChooseScales(IReadOnlyList<ThumbnailSpec> specs, Span<int> scales)
    {
        scales.Fill(1);
        var isOnSide = UprightGrid.SwapsSides(_decoder.Metadata.Orientation);
        for (var i = 0; i < specs.Count; i++)
        {
            var size = FitInBox(specs[i]);
            var (width, height) = isOnSide ? (size.ScaledHeight, size.ScaledWidth) : (size.ScaledWidth, size.ScaledHeight);
            if (!ShrinkOnLoad.TryRaise(scales, _decoder.Frame, _decoder.IsRgb, width, height))
            {
                return false;
            }
        }

        return true;
    }

    private FittedSize FitInBox(ThumbnailSpec spec)
    {
        var (width, height) = UprightGrid.SwapsSides(_decoder.Metadata.Orientation)
            ? (_decoder.Frame.Height, _decoder.Frame.Width)
            : (_decoder.Frame.Width, _decoder.Frame.Height);
        return FittedBox.Find(spec, width, height);
    }
}
