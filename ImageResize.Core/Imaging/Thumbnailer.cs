using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Formats.Png;
using ImageResize.Core.Imaging.Jpeg;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Imaging.Vips;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Imaging;

/// <summary>
/// Measures images and makes thumbnails of them. Safe to use from several threads; each call keeps one of them busy,
/// so whoever calls decides how many run at once.
/// </summary>
public sealed class Thumbnailer(IOptions<ImagingOptions> options) : IThumbnailer
{
    private readonly ImageLimits _limits = new(options.Value);
    private readonly FastThumbnails _fast = new(options.Value);
    private readonly Encoder _encoder = new(options.Value);

    /// <summary>Reads the header alone, and no further than it goes. The stream need not seek, and stays open.</summary>
    /// <exception cref="RefusedException">No image, or none that we read. What the stream throws goes through.</exception>
    public ImageSize Measure(Stream source)
    {
        ArgumentNullException.ThrowIfNull(source);

        var prefix = new byte[FormatSniffer.PrefixLength];
        var length = source.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false);

        return _limits.CheckMeasured(HeaderReader.Read(prefix.AsMemory(0, length), source)).Size;
    }

    /// <summary>
    /// Makes one thumbnail for each spec, in their order, decoding the source as seldom as their sizes allow.
    /// A source that fills its array is read in place; part of a larger array is copied first.
    /// </summary>
    /// <exception cref="RefusedException">No image, one of a format that we do not read, too large, or damaged.</exception>
    /// <exception cref="OperationCanceledException">Reaches into a running decode, too.</exception>
    public IReadOnlyList<Thumbnail> Make(
        ReadOnlyMemory<byte> source, IReadOnlyList<ThumbnailSpec> specs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(specs);

        return _fast.Find(source.Span, specs, cancellationToken) ?? VipsErrorScope.Listen(() => MakeByLibvips(source, specs, cancellationToken));
    }

    private Thumbnail[] MakeByLibvips(ReadOnlyMemory<byte> source, IReadOnlyList<ThumbnailSpec> specs, CancellationToken cancellationToken)
    {
        var image = PngText.Remove(source);
        var header = HeaderReader.Read(image, _limits);
        var plans = specs.Select((spec, place) => ThumbnailPlan.For(spec, place, header)).ToList();
        plans.ForEach(plan => _limits.CheckDecoded(header, plan.Frames));

        using var decoder = new Decoder(image, header);
        var thumbnails = new Thumbnail[plans.Count];
        foreach (var plan in plans.OrderByDescending(plan => (long)plan.Size.Width * plan.Size.Height))
        {
            cancellationToken.ThrowIfCancellationRequested();
            thumbnails[plan.Place] = Make(plan, decoder, cancellationToken);
        }

        return thumbnails;
    }

    private Thumbnail Make(ThumbnailPlan plan, Decoder decoder, CancellationToken cancellationToken)
    {
        var whole = decoder.Resize(plan.Size, plan.Frames, plan.KeepsProfile, cancellationToken);
        using var cropped = Cropper.Crop(whole, plan.Size, plan.Frames, plan.Spec.Gravity);
        var copyright = plan.KeepsCopyright ? decoder.FindCopyright() : null;

        return _encoder.Encode(cropped ?? whole, plan.Frames, plan.Spec, plan.Format, copyright);
    }
}
