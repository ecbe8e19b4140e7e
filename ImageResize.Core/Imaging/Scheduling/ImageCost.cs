using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Imaging.Scheduling;

/// <summary>
/// Forecasts what an image costs by what its file declares, before anything of it is decoded. Headers are compared with limits later, when
/// more is known about the image.
/// </summary>
/// <param name="Bytes">That the process holds while the image is decoded and its thumbnails are written.</param>
/// <param name="Time">Of a processor, for pixels that are easy to compress.</param>
public readonly record struct ImageCost(long Bytes, TimeSpan Time)
{
    /// <summary>Of a processor, the longest step that cannot be canceled, for pixels that are hard to compress.</summary>
    public TimeSpan Uninterrupted { get; init; }

    /// <summary>The size of a photo of which nothing is known, in pixels.</summary>
    private const long PhotoPixels = 12_000_000;

    /// <summary>The frames of an animation of which nothing is known.</summary>
    private const int AnimationFrames = 10;

    /// <summary>Work that costs more in the memory of its thumbnails is divided.</summary>
    private const long MaxWrittenBytes = 256_000_000;

    private const long Megapixel = 1_000_000;

    /// <summary>Every image costs something: reading its header, and the overhead of the work.</summary>
    private const double LeastSeconds = 0.001;

    /// <returns>No bytes if the file is not an image.</returns>
    public static ImageCost Of(ReadOnlySpan<byte> file, IReadOnlyList<ThumbnailSpec> specs, ImagingOptions options)
    {
        if (ImageFormats.Find(file[..Math.Min(file.Length, ImageFormats.PrefixLength)]) is not { } id)
        {
            return new ImageCost(0, TimeSpan.FromSeconds(LeastSeconds));
        }

        // Images above the limit are refused before they are decoded. An image whose size is not found can be as large as the limit.
        var format = ImageFormats.Get(id);
        var limit = options.MaxMegapixels * Megapixel;
        var (found, bytesPerPixel) = format.EstimateMemory(file);
        var pixels = Math.Min(found ?? limit, limit);
        var frames = format.CanAnimate && specs.Any(spec => spec.Animated) ? options.MaxFrames : 1;
        var decoded = Math.Min(pixels * frames, limit);
        var bytes = (decoded * bytesPerPixel) + ((long)format.CopiesOfFile * file.Length);
        var seconds = LeastSeconds + (decoded * format.SecondsPerDecodedMegapixel / Megapixel);
        var uninterrupted = 0.0;
        foreach (var spec in specs)
        {
            var output = OutputOf(spec, format);
            var written = Math.Min(decoded, Math.Min(pixels, (long)spec.Width * spec.Height) * frames);
            bytes += written * output.BytesPerWrittenPixel;
            seconds += written * output.SecondsPerWrittenMegapixel / Megapixel;
            uninterrupted = Math.Max(uninterrupted, written * output.UninterruptedSecondsPerMegapixel / Megapixel);
        }

        return new ImageCost(bytes, TimeSpan.FromSeconds(seconds)) { Uninterrupted = TimeSpan.FromSeconds(uninterrupted) };
    }

    /// <summary>Forecasts the time for a photo of which only the format is known. Without specs it is only measured.</summary>
    public static TimeSpan OfPhoto(ImageFormat id, IReadOnlyList<ThumbnailSpec> specs)
    {
        var format = ImageFormats.Get(id);
        var seconds = LeastSeconds + (specs.Count == 0 ? 0 : PhotoPixels * format.SecondsPerDecodedMegapixel / Megapixel);
        foreach (var spec in specs)
        {
            var frames = format.CanAnimate && spec.Animated ? AnimationFrames : 1;
            var written = Math.Min(PhotoPixels, (long)spec.Width * spec.Height * frames);
            seconds += written * OutputOf(spec, format).SecondsPerWrittenMegapixel / Megapixel;
        }

        return TimeSpan.FromSeconds(seconds);
    }

    /// <summary>
    /// Divides thumbnails into groups that are made and stored one after another, because all images of a group are in memory together.
    /// Most jobs are one group. The source is decoded once for each group.
    /// </summary>
    /// <returns>The number of thumbnails in each group, in their order.</returns>
    public static IReadOnlyList<int> Divide(ReadOnlySpan<byte> file, IReadOnlyList<ThumbnailSpec> specs, ImagingOptions options)
    {
        if (specs.Count <= 1)
        {
            return [specs.Count];
        }

        var groups = new List<int>();
        var source = Of(file, [], options).Bytes;
        var (first, bytes) = (0, 0L);
        for (var i = 0; i < specs.Count; i++)
        {
            var added = Of(file, [specs[i]], options).Bytes - source;
            if (i > first && bytes + added > MaxWrittenBytes)
            {
                groups.Add(i - first);
                (first, bytes) = (i, 0);
            }

            bytes += added;
        }

        groups.Add(specs.Count - first);
        return groups;
    }

    private static Format OutputOf(ThumbnailSpec spec, Format source) => spec.Format is { } output ? ImageFormats.Get(output) : source;
}
