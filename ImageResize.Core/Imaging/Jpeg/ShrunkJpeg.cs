using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>
/// A JPEG decoded at an eighth or a quarter of its size, for thumbnails to be resized from. A thread has one, whose memory is kept from
/// picture to picture.
/// </summary>
internal sealed class ShrunkJpeg : IDisposable
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

        return new ImageHeader(_decoder.Frame.Width, _decoder.Frame.Height, _decoder.Metadata.Orientation);
    }

    /// <summary>At the least scale that serves all specs.</summary>
    public bool TryDecode(
        ReadOnlySpan<byte> source, IReadOnlyList<ThumbnailSpec> specs, long maxPixels, CancellationToken cancellationToken)
    {
        Span<int> scales = stackalloc int[3];
        if (!_decoder.TryReadHeader(source)
            || (long)_decoder.Frame.Width * _decoder.Frame.Height > maxPixels
            || !TryChoose(specs, scales))
        {
            return false;
        }

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

    /// <returns>Good until the next one.</returns>
    public ThumbnailPlanes Resize(ThumbnailSpec spec)
    {
        _planes.Read(_decoder, _decoder.Metadata.Orientation, Fit(spec));
        return _planes;
    }

    /// <summary>Gives the samples back.</summary>
    public void Dispose() => _decoder.Release();

    private bool TryChoose(IReadOnlyList<ThumbnailSpec> specs, Span<int> scales)
    {
        scales.Fill(1);
        var isOnSide = UprightGrid.SwapsSides(_decoder.Metadata.Orientation);
        for (var i = 0; i < specs.Count; i++)
        {
            var size = Fit(specs[i]);
            var (width, height) = isOnSide ? (size.ScaledHeight, size.ScaledWidth) : (size.ScaledWidth, size.ScaledHeight);
            if (!ShrinkOnLoad.TryRaise(scales, _decoder.Frame, _decoder.IsRgb, width, height))
            {
                return false;
            }
        }

        return true;
    }

    private FittedSize Fit(ThumbnailSpec spec)
    {
        var frame = _decoder.Frame;
        return UprightGrid.SwapsSides(_decoder.Metadata.Orientation)
            ? FittedSize.Of(frame.Height, frame.Width, spec.Width, spec.Height, spec.Fit)
            : FittedSize.Of(frame.Width, frame.Height, spec.Width, spec.Height, spec.Fit);
    }
}
