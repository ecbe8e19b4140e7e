using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.FastPath;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Metadata;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Imaging.Vips;
using ImageResize.Core.Telemetry;
using Microsoft.Extensions.Options;
using NetVips;

namespace ImageResize.Core.Imaging;

/// <summary>
/// Measures images and makes thumbnails. Thread-safe. Each call keeps one thread busy, so callers decide how many run at once.
/// </summary>
public sealed class Thumbnailer(IOptions<ImagingOptions> options) : IThumbnailer
{
    /// <summary>
    /// How much faster a machine can be than the one on which times were measured, so that no image is refused needlessly.
    /// </summary>
    private const int FasterMachine = 2;

    private readonly ImageLimits _limits = options.Value.GetLimits();
    private readonly QualitySettings _quality = options.Value.GetQualitySettings();
    private readonly FastThumbnails _fast = new(options.Value.GetLimits(), options.Value.GetQualitySettings());

    /// <summary>Reads the header only, and no further than it goes. The stream need not be seekable and stays open.</summary>
    /// <exception cref="RefusedException">Not an image, or a format that is not read. Exceptions of the stream pass through.</exception>
    public ImageSize Measure(Stream source)
    {
        ArgumentNullException.ThrowIfNull(source);

        var buffer = new byte[ImageFormats.PrefixLength];
        var prefix = buffer.AsMemory(0, source.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
        var format = ImageFormats.Recognize(prefix.Span);
        var header = _limits.CheckMeasured(ImageFormats.Get(format).ReadHeader(prefix, source));

        return new ImageSize(header.Width, header.Height, header.Orientation, format);
    }

    /// <summary>
    /// Makes one thumbnail for each spec, in their order, with as few decodes of the source as their sizes allow. A source that fills its
    /// array is read in place; a part of a larger array is copied first.
    /// </summary>
    /// <exception cref="RefusedException">Not an image, a format that is not read, too large, or damaged.</exception>
    /// <exception cref="OperationCanceledException">Canceled, also while decoding.</exception>
    public IReadOnlyList<Thumbnail> Make(
        ReadOnlyMemory<byte> source, IReadOnlyList<ThumbnailSpec> specs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(specs);

        return TryMakeManaged(source, specs, cancellationToken) ?? VipsErrorScope.Run(() => MakeAll(source, specs, cancellationToken));
    }

    public IReadOnlyList<Thumbnail>? TryMakeManaged(
        ReadOnlyMemory<byte> source, IReadOnlyList<ThumbnailSpec> specs, CancellationToken cancellationToken) =>
        _fast.TryMake(source.Span, specs, cancellationToken);

    public void CheckTime(ReadOnlyMemory<byte> source, IReadOnlyList<ThumbnailSpec> specs)
    {
        ArgumentNullException.ThrowIfNull(specs);
        var format = GetFormat(source);

        VipsErrorScope.Run(() => Plan(format, format.ReadHeader(format.Prepare(source), _limits), specs));
    }

    private static Format GetFormat(ReadOnlyMemory<byte> source) =>
        ImageFormats.Get(ImageFormats.Recognize(source.Span[..Math.Min(source.Length, ImageFormats.PrefixLength)]));

    /// <exception cref="RefusedException">The header shows that the image is too large, or that the thumbnails take too long.</exception>
    private List<ThumbnailPlan> Plan(Format format, ImageHeader header, IReadOnlyList<ThumbnailSpec> specs)
    {
        var plans = specs.Select((spec, index) => ThumbnailPlan.For(spec, index, format, header)).ToList();
        plans.ForEach(plan => _limits.CheckDecoded(header, plan.Frames));
        if (plans.Sum(plan => plan.LeastSeconds) > options.Value.DeadlineSeconds * FasterMachine)
        {
            throw new RefusedException(
                ErrorCode.ImageTooSlow, $"The thumbnails take longer than {options.Value.DeadlineSeconds} seconds to write.");
        }

        return plans;
    }

    private Thumbnail[] MakeAll(ReadOnlyMemory<byte> source, IReadOnlyList<ThumbnailSpec> specs, CancellationToken cancellationToken)
    {
        var format = GetFormat(source);
        var file = format.Prepare(source);
        var header = format.ReadHeader(file, _limits);
        var plans = Plan(format, header, specs);

        using var images = new DecodedImages(format, file, header);
        var thumbnails = new Thumbnail[plans.Count];
        foreach (var plan in plans.OrderByDescending(plan => (long)plan.Width * plan.Height))
        {
            cancellationToken.ThrowIfCancellationRequested();
            thumbnails[plan.Index] = Make(plan, images, cancellationToken);
        }

        return thumbnails;
    }

    private Thumbnail Make(ThumbnailPlan plan, DecodedImages images, CancellationToken cancellationToken)
    {
        var decoded = images.Get(plan.Width, plan.Height, plan.Frames, plan.KeepsProfile, cancellationToken);
        using var step = MeasuredStep.Encode.Start(plan.Output.Id.GetName());
        using var image = plan.Apply(decoded);
        var copyright = plan.KeepsCopyright ? images.FindCopyright() : null;
        using var signed = copyright?.AttachTo(image);
        var keep = (plan.KeepsProfile && ColourProfile.Fits(image) ? Enums.ForeignKeep.Icc : Enums.ForeignKeep.None)
            | (signed is null ? Enums.ForeignKeep.None : Enums.ForeignKeep.Exif | Enums.ForeignKeep.Xmp);
        var bytes = plan.Output.Encode(signed ?? image, new EncodeOptions(plan.Spec.Quality, _quality, keep));

        return new Thumbnail(bytes, plan.Output.Id, image.Width, image.Height / plan.Frames) { Note = plan.Note };
    }
}
