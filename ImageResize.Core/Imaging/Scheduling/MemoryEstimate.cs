using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Imaging.Scheduling;

/// <summary>
/// Forecasts how many bytes the process holds while an image is decoded and its thumbnails are written, by what the file declares.
/// <see cref="ImageHeader.BytesPerPixel"/> decides later which images are refused.
/// </summary>
internal static class MemoryEstimate
{
    private const long Megapixel = 1_000_000;

    /// <returns>In bytes; 0 if the file is not an image.</returns>
    public static long Of(ReadOnlySpan<byte> file, IReadOnlyList<ThumbnailSpec> specs, ImagingOptions options)
    {
        if (ImageFormats.Find(file[..Math.Min(file.Length, ImageFormats.PrefixLength)]) is not { } id)
        {
            return 0;
        }

        // Images above the limit are refused before they are decoded. An image whose size is not found can be as large as the limit.
        var format = ImageFormats.Get(id);
        var limit = options.MaxMegapixels * Megapixel;
        var (found, bytesPerPixel) = format.EstimateMemory(file);
        var pixels = Math.Min(found ?? limit, limit);
        var frames = format.CanAnimate && specs.Any(spec => spec.Animated) ? options.MaxFrames : 1;
        var written = specs.Select(spec => Math.Min(pixels, (long)spec.Width * spec.Height) * GetOutput(spec).BytesPerWrittenPixel);

        return (Math.Min(pixels * frames, limit) * bytesPerPixel) + written.DefaultIfEmpty().Max();

        Format GetOutput(ThumbnailSpec spec) => spec.Format is { } output ? ImageFormats.Get(output) : format;
    }
}
