using ImageResize.Core.Imaging.Formats.Png;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Jpeg.Scaling;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Imaging.Png;
using ImageResize.Core.Imaging.Png.Scaling;
using ImageResize.Core.Telemetry;

namespace ImageResize.Core.Imaging.FastPath;

/// <summary>
/// A PNG that is resized to the planes of thumbnails while it is decoded. Each thread has one, and keeps its memory from image to image.
/// Files that it does not support or finds damaged are left to libvips.
/// </summary>
internal sealed class ShrunkPng
{
    /// <summary>The planes of a thumbnail are kept whole, while libvips holds a few rows of it.</summary>
    private const int MaxThumbnailPixels = 2_000_000;

    private const int MaxThumbnailSide = 16_384;
    private const int MaxThumbnails = 8;

    [ThreadStatic]
    private static ShrunkPng? t_png;

    private readonly PngDecoder _decoder = PngDecoder.OfThread;
    private readonly PngScaler[] _scalers = [.. Enumerable.Range(0, MaxThumbnails).Select(_ => new PngScaler())];

    /// <summary>This thread's image.</summary>
    public static ShrunkPng OfThread => t_png ??= new ShrunkPng();

    public static bool Matches(ReadOnlySpan<byte> source) => source.StartsWith(PngText.Signature);

    /// <param name="maxPixels">Images with more pixels are left to libvips.</param>
    public bool TryDecode(
        ReadOnlySpan<byte> source, IReadOnlyList<ThumbnailSpec> specs, long maxPixels, CancellationToken cancellationToken)
    {
        if (specs.Count > MaxThumbnails || !_decoder.TryReadHeader(source) || !IsSmallEnough(maxPixels) || !IsSrgb(source))
        {
            return false;
        }

        for (var index = 0; index < specs.Count; index++)
        {
            if (!TryPrepare(specs[index], _scalers[index]))
            {
                return false;
            }
        }

        using var step = MeasuredStep.Decode.Start("png");
        var scalers = _scalers.AsSpan(0, specs.Count);
        if (!_decoder.TryDecode(source, ReadOnlySpan<IRowReceiver>.CastUp<PngScaler>(scalers), cancellationToken))
        {
            return false;
        }

        var isSound = true;
        foreach (var scaler in scalers)
        {
            isSound &= scaler.IsSound;
        }

        return isSound;
    }

    /// <returns>The planes of a spec's thumbnail, which the next image overwrites.</returns>
    public ThumbnailPlanes Get(int index) => _scalers[index].Planes;

    private bool IsSmallEnough(long maxPixels) =>
        Math.Max(_decoder.Image.Width, _decoder.Image.Height) <= ImageLimits.MaxDecodedSide
        && (long)_decoder.Image.Width * _decoder.Image.Height <= maxPixels;

    private static bool IsSrgb(ReadOnlySpan<byte> source) => PngColours.Find(source) is null or { IsSrgb: true, Hdr: null };

    private bool TryPrepare(ThumbnailSpec spec, PngScaler scaler)
    {
        var image = _decoder.Image;
        var size = FittedBox.Find(spec, image.Width, image.Height);
        var background = Colour.TryParse(spec.Background, out var colour) ? colour : Colour.White;
        if ((long)size.ScaledWidth * size.ScaledHeight > MaxThumbnailPixels
            || Math.Max(size.Width, size.Height) > MaxThumbnailSide
            || (image.IsGray && !background.IsGrey))
        {
            return false;
        }

        scaler.Prepare(image, size, background.Red | ((uint)background.Green << 8) | ((uint)background.Blue << 16));
        return true;
    }
}
