using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Metadata;
using NetVips;

namespace ImageResize.Core.Imaging.Operations;

/// <summary>A spec applied to one source.</summary>
/// <param name="Index">Index of the spec among those that were asked for together.</param>
/// <param name="Width">To decode to, of the upright image, in pixels.</param>
/// <param name="Height">To decode to, of the upright image, in pixels.</param>
/// <param name="Frames">To decode, from the first.</param>
internal sealed record ThumbnailPlan(
    ThumbnailSpec Spec, int Index, Format Output, int Width, int Height, int Frames, IReadOnlyList<Operation> Operations)
{
    /// <summary>Processor time to write the thumbnail at least. A crop after decoding leaves no more pixels than the box has.</summary>
    public double LeastSeconds =>
        Math.Min((long)Width * Height, (long)Spec.Width * Spec.Height) * Frames * Output.SecondsPerWrittenMegapixel / 1e6;

    /// <summary>Whether the colours stay as stored. Grey with a profile is converted for outputs that are not grey.</summary>
    public bool KeepsProfile { get; private init; }

    /// <summary>How the thumbnail differs from what was asked for; null if it does not.</summary>
    public string? Note { get; private init; }

    public bool KeepsCopyright => Spec.Keep.HasFlag(KeptMetadata.Copyright);

    /// <exception cref="RefusedException">The output format has no images of the thumbnail's size.</exception>
    public static ThumbnailPlan For(ThumbnailSpec spec, int index, Format source, ImageHeader header)
    {
        var output = spec.Format is { } format ? ImageFormats.Get(format) : source;
        var isAnimated = spec.Animated && source.CanAnimate && output.CanAnimate;
        var operations = spec.GetOperations(spec.Width, spec.Height, output);
        var (width, height) = GetDecodedSize(operations, header.UprightSize);

        CheckOutput(output, operations, header.UprightSize);

        return new ThumbnailPlan(spec, index, output, width, height, isAnimated ? header.Frames : 1, operations)
        {
            Note = spec.Animated ? FindNote(source, output, header) : null,
            KeepsProfile = spec.Keep.HasFlag(KeptMetadata.ColourProfile)
                && (header.Conversion != ColourConversion.FromGreyProfile
                    || (output.HasGreyProfiles && !operations.Any(step => step is Flatten { Background.IsGrey: false }))),
        };
    }

    /// <param name="image">As decoded: upright, with <see cref="Frames"/> frames.</param>
    /// <returns>A new image.</returns>
    public Image Apply(Image image)
    {
        var current = image.Copy();
        foreach (var operation in Operations)
        {
            if (operation.Apply(current, Frames) is { } next)
            {
                current.Dispose();
                current = next;
            }
        }

        return current;
    }

    private static string? FindNote(Format source, Format output, ImageHeader header) =>
        header.HasUnreadAnimation ? $"The animation of a {source.Name} is not read. The thumbnail is its still image."
        : header.Frames > 1 && source.CanAnimate && !output.CanAnimate
            ? $"{output.Name} has no animation. The thumbnail is the first frame."
        : null;

    /// <exception cref="RefusedException">The output format has no images of the thumbnail's size.</exception>
    private static void CheckOutput(Format output, IReadOnlyList<Operation> operations, (int Width, int Height) size)
    {
        var (width, height) = operations.Aggregate(size, (now, operation) => operation.GetResultSize(now.Width, now.Height));
        if (Math.Max(width, height) > output.MaxWrittenSide)
        {
            throw ImageRefusal.ThumbnailTooLarge(width, height, output.Name, output.MaxWrittenSide);
        }
    }

    /// <summary>Follows the size forward to the result of the resize, and from there back to what has to be decoded.</summary>
    private static (int Width, int Height) GetDecodedSize(IReadOnlyList<Operation> operations, (int Width, int Height) size)
    {
        var before = operations.TakeWhile(operation => operation is not Resize).ToList();
        var resized = operations.Take(before.Count + 1).Aggregate(size, (now, operation) => operation.GetResultSize(now.Width, now.Height));

        return before.AsEnumerable().Reverse().Aggregate(resized, (now, operation) => operation.GetSourceSize(now.Width, now.Height));
    }
}
